package latchkey.base.crypto;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// bcrypt: `$2b$` for new hashes; `$2a$`, `$2x$` and `$2y$` are verified too. Only 72 bytes count.
final class Bcrypt {
  private static final int LIMIT = 72;
  private static final Pattern FORM =
      Pattern.compile("\\$2([abxy])\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

  private Bcrypt() {}

  static String hash(byte[] input, byte[] salt, int cost) {
    return OpenBSDBCrypt.generate("2b", cut(input), salt, cost);
  }

  static Optional<Boolean> verify(byte[] input, String hash) {
    var matcher = FORM.matcher(hash);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > PasswordScheme.MAX_BCRYPT_COST) {
      return Optional.empty();
    }
    // BouncyCastle does not know the letter x; for clean input the forms agree.
    var known = matcher.group(1).equals("x") ? "$2a" + hash.substring(3) : hash;
    return Optional.of(OpenBSDBCrypt.checkPassword(known, cut(input)));
  }

  private static byte[] cut(byte[] input) {
    return input.length > LIMIT ? Arrays.copyOf(input, LIMIT) : input;
  }
}
