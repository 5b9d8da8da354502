package latchkey.domain.token.history;

import org.jspecify.annotations.Nullable;

/// The one row that a session has.
///
/// @param used the newest generation known to be in use, -1 if none
/// @param previousKey the key of the generation before, 0 if there was none
/// @param rotator who made the last rotation; null before the first
/// @param collided the last generation that two different presenters asked for, -1 if none
/// @param collisions how many generations in a row that happened
/// @param suspectedAt when a suspicion was told last
/// @param finished why the session ended
public record Row(
    long generation,
    long used,
    long issuedAt,
    int key,
    int previousKey,
    @Nullable Who rotator,
    long collided,
    int collisions,
    long suspectedAt,
    @Nullable String finished) {
  static final long LONG_AGO = Long.MIN_VALUE / 2;

  static Row begun(long generation, long used, long now) {
    return new Row(generation, used, now, 1, 0, null, -1, 0, LONG_AGO, null);
  }

  boolean isLive() {
    return finished == null;
  }

  Row rotated(long presented, long now, int mint, Who who) {
    return new Row(
        presented + 1, used, now, mint, key, who, collided, collisions, suspectedAt, finished);
  }

  Row withUse(long generation) {
    return new Row(
        this.generation,
        Math.max(used, generation),
        issuedAt,
        key,
        previousKey,
        rotator,
        collided,
        collisions,
        suspectedAt,
        finished);
  }

  Row withCollision() {
    int inARow = collided == generation - 1 ? collisions + 1 : 1;
    return new Row(
        generation,
        used,
        issuedAt,
        key,
        previousKey,
        rotator,
        generation,
        inARow,
        suspectedAt,
        finished);
  }

  Row withSuspicion(long now) {
    return new Row(
        generation, used, issuedAt, key, previousKey, rotator, collided, collisions, now, finished);
  }

  Row ended(String reason) {
    return new Row(
        generation,
        used,
        issuedAt,
        key,
        previousKey,
        rotator,
        collided,
        collisions,
        suspectedAt,
        reason);
  }
}
