package latchkey.base.crypto;

import de.mkammerer.argon2.Argon2Advanced;
import de.mkammerer.argon2.Argon2Factory;
import de.mkammerer.argon2.Argon2Version;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/// argon2id (RFC 9106): by the native library where it loads, by BouncyCastle otherwise.
final class Argon2id {
  static final int MEMORY_KIB = 19_456;
  static final int ITERATIONS = 2;
  static final int PARALLELISM = 1;
  static final int SALT = 16;
  static final int OUTPUT = 32;

  /// What a stored hash may ask for: more would let one row take the server down.
  private static final int MAX_MEMORY_KIB = 1024 * 1024;

  private static final int MAX_ITERATIONS = 64;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,8}),t=(\\d{1,4}),p=(\\d{1,3})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  private final @Nullable Argon2Advanced library;

  private Argon2id(@Nullable Argon2Advanced library) {
    this.library = library;
  }

  static Argon2id bestAvailable() {
    try {
      var library = Argon2Factory.createAdvanced(Argon2Factory.Argon2Types.ARGON2id, SALT, OUTPUT);
      library.rawHash(1, 64, 1, new byte[] {1}, new byte[SALT]);
      return new Argon2id(library);
    } catch (LinkageError | RuntimeException e) {
      return bouncyCastle();
    }
  }

  static Argon2id bouncyCastle() {
    return new Argon2id(null);
  }

  boolean isNative() {
    return library != null;
  }

  /// The PHC string of a new hash.
  String hash(byte[] password, byte[] salt, byte @Nullable [] pepper) {
    var output = compute(password, salt, pepper, MEMORY_KIB, ITERATIONS, PARALLELISM, OUTPUT);
    var base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            MEMORY_KIB,
            ITERATIONS,
            PARALLELISM,
            base64.encodeToString(salt),
            base64.encodeToString(output));
  }

  /// Whether the password has this hash; empty if it is no argon2id hash we would compute.
  Optional<Boolean> verify(byte[] password, String phc, byte @Nullable [] pepper) {
    var matcher = PHC.matcher(phc);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int memory = Integer.parseInt(matcher.group(1));
    int iterations = Integer.parseInt(matcher.group(2));
    int parallelism = Integer.parseInt(matcher.group(3));
    if (memory > MAX_MEMORY_KIB
        || iterations > MAX_ITERATIONS
        || parallelism < 1
        || parallelism > 64) {
      return Optional.empty();
    }
    var salt = Base64.getDecoder().decode(matcher.group(4));
    var expected = Base64.getDecoder().decode(matcher.group(5));
    var output = compute(password, salt, pepper, memory, iterations, parallelism, expected.length);
    return Optional.of(java.security.MessageDigest.isEqual(output, expected));
  }

  private byte[] compute(
      byte[] password,
      byte[] salt,
      byte @Nullable [] pepper,
      int memory,
      int iterations,
      int parallelism,
      int length) {
    if (library != null) {
      return rawHash(library, iterations, memory, parallelism, password, salt, pepper, length);
    }
    var parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memory)
            .withIterations(iterations)
            .withParallelism(parallelism)
            .withSalt(salt);
    if (pepper != null) {
      parameters.withSecret(pepper);
    }
    var generator = new Argon2BytesGenerator();
    generator.init(parameters.build());
    var output = new byte[length];
    generator.generateBytes(password, output);
    return output;
  }

  /// The library takes null for "no secret" and "no associated data", which its signature does not
  /// say.
  @SuppressWarnings("NullAway")
  private static byte[] rawHash(
      Argon2Advanced library,
      int iterations,
      int memory,
      int parallelism,
      byte[] password,
      byte[] salt,
      byte @Nullable [] pepper,
      int length) {
    return library.rawHashAdvanced(
        iterations, memory, parallelism, password, salt, pepper, null, length, Argon2Version.V13);
  }
}
