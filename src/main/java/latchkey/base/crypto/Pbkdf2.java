package latchkey.base.crypto;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/// PBKDF2 in PHC form: `$pbkdf2-sha256$i=600000,l=32$salt$hash`; SHA-512 is verified too.
final class Pbkdf2 {
  private static final int ITERATIONS = 600_000;
  private static final int MAX_ITERATIONS = 10_000_000;
  private static final int OUTPUT = 32;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$pbkdf2-sha(256|512)\\$i=(\\d{1,8}),l=(\\d{1,3})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  private Pbkdf2() {}

  static String hash(byte[] input, byte[] salt) {
    var base64 = Base64.getEncoder().withoutPadding();
    var output = compute(256, input, salt, ITERATIONS, OUTPUT);
    return "$pbkdf2-sha256$i=%d,l=%d$%s$%s"
        .formatted(ITERATIONS, OUTPUT, base64.encodeToString(salt), base64.encodeToString(output));
  }

  static Optional<Boolean> verify(byte[] input, String phc) {
    var matcher = PHC.matcher(phc);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MAX_ITERATIONS) {
      return Optional.empty();
    }
    var salt = Base64.getDecoder().decode(matcher.group(4));
    var expected = Base64.getDecoder().decode(matcher.group(5));
    var output =
        compute(
            Integer.parseInt(matcher.group(1)),
            input,
            salt,
            Integer.parseInt(matcher.group(2)),
            expected.length);
    return Optional.of(MessageDigest.isEqual(output, expected));
  }

  private static byte[] compute(int bits, byte[] input, byte[] salt, int iterations, int length) {
    var generator =
        new PKCS5S2ParametersGenerator(bits == 256 ? new SHA256Digest() : new SHA512Digest());
    generator.init(input, salt, iterations);
    return ((KeyParameter) generator.generateDerivedMacParameters(length * 8)).getKey();
  }
}
