package latchkey.base.jinja;

import java.math.BigInteger;

/// Numbers as templates write them: `1_000`, `0xff`, `1.5e3`.
final class Numbers {
  private static final int BITS = 128;

  private Numbers() {}

  static Value integer(Tokens tokens) {
    var written = digits(tokens);
    int radix =
        switch (written.length() > 1 ? Character.toLowerCase(written.charAt(1)) : ' ') {
          case 'x' -> 16;
          case 'o' -> 8;
          case 'b' -> 2;
          default -> 10;
        };
    var number = new BigInteger(radix == 10 ? written : written.substring(2), radix);
    if (number.bitLength() > BITS) {
      throw tokens.problem("this number is too large");
    }
    return new Value.Int(number);
  }

  static Value fraction(Tokens tokens) {
    try {
      return new Value.Real(Double.parseDouble(digits(tokens)));
    } catch (NumberFormatException e) {
      throw tokens.problem("this is no number");
    }
  }

  private static String digits(Tokens tokens) {
    var written = tokens.next().text();
    if (written.endsWith("_")) {
      throw tokens.problem("a number does not end in `_`");
    }
    return written.replace("_", "");
  }
}
