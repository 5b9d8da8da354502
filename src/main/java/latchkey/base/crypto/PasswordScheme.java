package latchkey.base.crypto;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A way to hash passwords, one entry of `passwords.schemes`.
///
/// @param version stored beside each hash; the highest one hashes new passwords
/// @param cost bcrypt's logarithmic cost, unused by the others
/// @param pepper mixed into every hash and kept out of the database
/// @param normalize NFKC before hashing and verifying
public record PasswordScheme(
    int version, Algorithm algorithm, int cost, byte @Nullable [] pepper, boolean normalize) {

  /// The highest cost of bcrypt that is computed: each step doubles the work, and this one takes
  /// longer than a sign-in may.
  public static final int MAX_BCRYPT_COST = 18;

  /// The algorithms of the service we replace.
  public enum Algorithm {
    ARGON2ID,
    BCRYPT,
    PBKDF2
  }

  public PasswordScheme {
    pepper = pepper == null ? null : pepper.clone();
  }

  /// argon2id, version 1, no pepper: what is used where nothing is configured.
  public static PasswordScheme standard() {
    return new PasswordScheme(1, Algorithm.ARGON2ID, 0, null, false);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PasswordScheme scheme
        && version == scheme.version
        && algorithm == scheme.algorithm
        && cost == scheme.cost
        && normalize == scheme.normalize
        && MessageDigest.isEqual(pepper, scheme.pepper);
  }

  @Override
  public int hashCode() {
    return version;
  }

  @Override
  public String toString() {
    return "PasswordScheme[" + version + ", " + algorithm + "]";
  }
}
