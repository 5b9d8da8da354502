package latchkey.domain.token.history;

import org.jspecify.annotations.Nullable;

/// What an admin would see of the session after a step.
///
/// @param reused how many audit events of each kind there are
/// @param deviceGoes whether the device is gone from the homeserver, or queued for it
public record Observed(
    boolean present,
    long generation,
    long used,
    long issuedAt,
    @Nullable String finished,
    int reused,
    int adopted,
    int suspected,
    boolean deviceGoes) {
  Observed withDevice(boolean goes) {
    return new Observed(
        present, generation, used, issuedAt, finished, reused, adopted, suspected, goes);
  }

  boolean isOver() {
    return finished != null;
  }
}
