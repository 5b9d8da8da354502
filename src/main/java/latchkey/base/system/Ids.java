package latchkey.base.system;

import com.github.f4b6a3.ulid.Ulid;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Makes and spells identifiers. An id is the 128 bits of a ULID: 48 bits of Unix milliseconds,
/// then 80 random bits. Inside it travels as a [UUID], outside as 26 characters of Crockford base
/// 32.
///
/// Order ids in SQL, never with [UUID#compareTo], which compares signed halves.
@Singleton
public class Ids {
  private final Randomness randomness;

  public Ids(Randomness randomness) {
    this.randomness = randomness;
  }

  /// A new id that carries `at` with a precision of milliseconds.
  public UUID next(Instant at) {
    return new Ulid(at.toEpochMilli(), randomness.bytes(10)).toUuid();
  }

  /// The least id that carries `at`: an id made before is smaller, in SQL's order.
  public static UUID floor(Instant at) {
    return new Ulid(at.toEpochMilli(), new byte[10]).toUuid();
  }

  /// The 26 characters of an id, upper case.
  public static String text(UUID id) {
    return Ulid.from(id).toString();
  }

  /// Reads the text form, in either case; empty if it is not a ULID.
  public static Optional<UUID> parse(String text) {
    return Ulid.isValid(text) ? Optional.of(Ulid.from(text).toUuid()) : Optional.empty();
  }

  /// The time an id carries, in milliseconds.
  public static Instant time(UUID id) {
    return Ulid.from(id).getInstant();
  }
}
