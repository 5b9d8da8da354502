package latchkey.domain.user;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import latchkey.base.crypto.Digest;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Randomness;

/// How an app password is written: 28 characters of Crockford's base 32, which are 140 random bits,
/// in groups of four (`7k2m-9xqd-…`). Nothing in it can be mistaken for something else, and when it
/// is typed, case, blanks and hyphens do not matter.
public final class AppPasswordText {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int LENGTH = 28;
  private static final int GROUP = 4;
  private static final int FIVE_BITS = 31;
  private static final Pattern SEPARATORS = Pattern.compile("[\\s-]+");
  private static final Pattern WHOLE = Pattern.compile("[" + ALPHABET + "]{" + LENGTH + "}");

  /// Whatever is longer is not worth reading.
  private static final int LONGEST = 100;

  private AppPasswordText() {}

  /// A new one.
  public static Secret make(Randomness randomness) {
    var text = new StringBuilder();
    for (var chance : randomness.bytes(LENGTH)) {
      if (text.length() % (GROUP + 1) == GROUP) {
        text.append('-');
      }
      text.append(ALPHABET.charAt(chance & FIVE_BITS));
    }
    return Secret.of(text.toString());
  }

  /// What is stored of one: SHA-256. Empty if what was typed cannot be one.
  public static Optional<byte[]> digest(Secret typed) {
    if (typed.reveal().length() > LONGEST) {
      return Optional.empty();
    }
    var bare =
        SEPARATORS
            .matcher(typed.reveal())
            .replaceAll("")
            .toLowerCase(Locale.ROOT)
            .replace('o', '0')
            .replace('i', '1')
            .replace('l', '1');
    return Optional.of(bare).filter(text -> WHOLE.matcher(text).matches()).map(Digest::sha256);
  }
}
