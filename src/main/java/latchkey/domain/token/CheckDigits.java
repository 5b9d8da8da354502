package latchkey.domain.token;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import latchkey.base.crypto.Base62;

/// The six characters at the end of a token: CRC-32 of what stands before them, in base 62 with the
/// least significant digit first, then padded with zeros on the left. They spare a look-up for a
/// typo, nothing more.
final class CheckDigits {
  static final int LENGTH = 6;

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private CheckDigits() {}

  static String of(String text) {
    var crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    var digits = new StringBuilder(LENGTH);
    for (long rest = crc.getValue(); rest > 0; rest /= 62) {
      digits.append(DIGITS.charAt((int) (rest % 62)));
    }
    while (digits.length() < LENGTH) {
      digits.insert(0, '0');
    }
    return digits.toString();
  }

  /// True if every character is a digit of base 62.
  static boolean isAlphanumeric(String text) {
    return text.chars().allMatch(c -> Base62.digit((char) c) >= 0);
  }
}
