package latchkey.base.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/// How one value is laid out.
///
/// @param printf which of the two ways of Python
/// @param align `<`, `>` or `^`; 0 for what is usual
/// @param sign what stands before a positive number: `+`, a blank, or nothing (0)
/// @param width -1 without one
/// @param grouping `,` or `_` between digits; 0 for nothing
/// @param precision -1 without one
/// @param type the letter; 0 without one
record FormatSpec(
    boolean printf,
    String fill,
    char align,
    char sign,
    boolean alternate,
    boolean zeros,
    int width,
    char grouping,
    int precision,
    char type) {
  private static final int DIGITS = 6;
  private static final int MOST_DIGITS = 1100;

  /// A fraction has up to a thousand digits behind the point, and all of them count.
  private static final int COST_OF_FRACTION = 100;

  static final FormatSpec PLAIN =
      new FormatSpec(false, " ", '\0', '\0', false, false, -1, '\0', -1, '\0');

  FormatSpec {
    if (precision > MOST_DIGITS) {
      throw new Failure("a precision is too large");
    }
  }

  static FormatSpec printf(Formats.Reader in) {
    boolean alternate = false;
    boolean zeros = false;
    boolean left = false;
    char sign = '\0';
    while (in.peek() != '\0' && "#0- +".indexOf(in.peek()) >= 0) {
      switch (in.next()) {
        case '#' -> alternate = true;
        case '0' -> zeros = true;
        case '-' -> left = true;
        case '+' -> sign = '+';
        default -> sign = sign == '+' ? '+' : ' ';
      }
    }
    int width = in.number();
    int precision = in.take('.') ? in.number() : -1;
    if (in.peek() != '\0' && "hlL".indexOf(in.peek()) >= 0) {
      in.next();
    }
    return new FormatSpec(
        true,
        " ",
        left ? '<' : '\0',
        sign,
        alternate,
        zeros && !left && width >= 0,
        width,
        '\0',
        precision,
        type(in, "dieEfFgGoxXcs"));
  }

  static FormatSpec braces(Formats.Reader in) {
    var fill = " ";
    char align = '\0';
    if (in.peekAfter() != '\0' && "<>^".indexOf(in.peekAfter()) >= 0) {
      fill = String.valueOf(in.next());
      align = in.next();
    } else if (in.peek() != '\0' && "<>^".indexOf(in.peek()) >= 0) {
      align = in.next();
    }
    boolean signed = in.peek() != '\0' && "+- ".indexOf(in.peek()) >= 0;
    char sign = signed ? in.next() : '\0';
    boolean alternate = in.take('#');
    boolean zeros = in.take('0');
    int width = in.number();
    char grouping = in.peek() == ',' || in.peek() == '_' ? in.next() : '\0';
    int precision = in.take('.') ? in.number() : -1;
    char type = in.peek() == '}' ? '\0' : type(in, "bdeEfFgGoxXcs");
    if (type == 'c' && (signed || alternate || grouping != '\0')) {
      throw new Failure("a character has no sign, form or grouping");
    }
    return new FormatSpec(
        false,
        fill,
        align,
        sign == '-' ? '\0' : sign,
        alternate,
        zeros && width >= 0,
        width,
        grouping,
        precision,
        type);
  }

  private static char type(Formats.Reader in, String allowed) {
    if (!in.hasMore() || allowed.indexOf(in.peek()) < 0) {
      throw new Failure("missing or invalid conversion type in format spec");
    }
    char type = in.next();
    return type == 'i' ? 'd' : type;
  }

  void write(Value value, Text out, Run run) {
    switch (value) {
      case Value.Bool flag -> bool(flag, out);
      case Value.Int(var number) -> whole(number, out);
      case Value.Real(var number) -> {
        run.budget().charge(COST_OF_FRACTION);
        real(number, out);
      }
      case Value _ -> text(Display.of(value, run.budget()), out);
    }
  }

  private void bool(Value.Bool flag, Text out) {
    boolean asNumber =
        align != '\0' || sign == '+' || alternate || zeros || width >= 0 || precision >= 0;
    if ((type == '\0' && !asNumber) || (type == 's' && printf)) {
      pad(flag.isTrue() ? "true" : "false", type == 's' ? '>' : '<', out);
    } else if (type == 's') {
      throw unfit("bool");
    } else {
      whole(flag.isTrue() ? BigInteger.ONE : BigInteger.ZERO, out);
    }
  }

  private void text(String text, Text out) {
    if (type == 'c' && printf && text.codePointCount(0, text.length()) == 1) {
      character(text, out);
    } else if (type != '\0' && type != 's') {
      throw unfit("string");
    } else {
      boolean cut = precision >= 0 && precision < text.codePointCount(0, text.length());
      var shown = cut ? text.substring(0, text.offsetByCodePoints(0, precision)) : text;
      pad(shown, printf ? '>' : '<', out);
    }
  }

  private void whole(BigInteger number, Text out) {
    var size = number.abs();
    var before = number.signum() < 0 ? "-" : positive();
    switch (type) {
      case 'b' -> number(grouped(size.toString(2), 4), before, "0b", out);
      case 'o' -> number(grouped(size.toString(8), 4), before, "0o", out);
      case 'x' -> number(grouped(size.toString(16), 4), before, "0x", out);
      case 'X' -> number(grouped(TextFilters.upper(size.toString(16)), 4), before, "0X", out);
      case 'c' -> character(characterOf(number), out);
      case 's' -> {
        if (!printf) {
          throw unfit("integer");
        }
        number(size.toString(), number.signum() < 0 ? "-" : "", "", out);
      }
      case '\0', 'd' -> number(grouped(size.toString(), 3), before, "", out);
      default -> number(fraction(new BigDecimal(size)), before, "", out);
    }
  }

  private static String characterOf(BigInteger number) {
    boolean valid =
        number.signum() >= 0
            && number.bitLength() <= 21
            && Character.isValidCodePoint(number.intValue())
            && !(number.intValue() >= 0xd800 && number.intValue() <= 0xdfff);
    if (!valid) {
      throw new Failure("no character has this number");
    }
    return Character.toString(number.intValue());
  }

  private void real(double number, Text out) {
    boolean negative = Math.copySign(1, number) < 0;
    boolean isText = type == 's';
    if ((isText && !printf) || (type != '\0' && "boxXdc".indexOf(type) >= 0)) {
      throw unfit("float");
    }
    var before = negative ? "-" : isText && sign == '+' ? "" : positive();
    if (!Double.isFinite(number)) {
      var word = Double.isNaN(number) ? "nan" : "inf";
      boolean upper = type != '\0' && "EFG".indexOf(type) >= 0;
      number(upper ? TextFilters.upper(word) : word, word.equals("nan") ? "" : before, "", out);
    } else if (number == 0 && (type == '\0' || "sgG".indexOf(type) >= 0)) {
      number("0", before, "", out);
    } else {
      number(fraction(new BigDecimal(Math.abs(number))), before, "", out);
    }
  }

  private String fraction(BigDecimal size) {
    int digits = precision >= 0 ? precision : DIGITS;
    return switch (type) {
      case 'e', 'E' -> scientific(size, digits, false);
      case 'f', 'F' -> pointed(grouped(Formats.fixed(size, digits), 3));
      default -> general(size, Math.max(1, digits));
    };
  }

  private String pointed(String number) {
    return precision == 0 && alternate ? number + "." : number;
  }

  private String scientific(BigDecimal size, int digits, boolean trimmed) {
    var rounded = size.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    var mantissa = Formats.fixed(rounded.movePointLeft(exponent), digits);
    var shown = trimmed ? significant(mantissa) : pointed(mantissa);
    return grouped(shown, 3)
        + (Character.isUpperCase(type) ? "E" : "e")
        + "%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  private String general(BigDecimal size, int digits) {
    var rounded = size.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    if (exponent < -4 || exponent >= digits) {
      return scientific(size, digits - 1, true);
    }
    var number = grouped(significant(Formats.fixed(size, digits - 1 - exponent)), 3);
    boolean isPlain = type == '\0' || type == 's';
    return isPlain && number.indexOf('.') < 0 ? number + ".0" : number;
  }

  private String significant(String number) {
    return alternate || number.indexOf('.') < 0
        ? number
        : number.replaceAll("0+$", "").replaceAll("\\.$", "");
  }

  private String positive() {
    return sign == '\0' ? "" : String.valueOf(sign);
  }

  private String grouped(String number, int size) {
    if (grouping == '\0') {
      return number;
    }
    if (size == 4 && grouping == ',') {
      throw new Failure("',' cannot be specified here");
    }
    int point = number.indexOf('.');
    var whole = point < 0 ? number : number.substring(0, point);
    var out = new StringBuilder(whole);
    for (int at = whole.length() - size; at > 0; at -= size) {
      out.insert(at, grouping);
    }
    return out + (point < 0 ? "" : number.substring(point));
  }

  private void number(String number, String before, String radix, Text out) {
    var prefix = before + (alternate ? radix : "");
    int length = prefix.length() + number.length();
    if (!zeros || length >= width) {
      pad(prefix + number, '>', out);
      return;
    }
    out.add(prefix);
    if (grouping == '\0') {
      out.add("0", width - (long) length).add(number);
    } else {
      zeroPadded(number, width - prefix.length(), radix.isEmpty() ? 3 : 4, out);
    }
  }

  /// Zeros in groups as well, and one more rather than a separator in front.
  private void zeroPadded(String number, int room, int size, Text out) {
    int end = number.indexOf('.');
    end = end < 0 ? number.indexOf('e') : end;
    end = end < 0 ? number.length() : end;
    var digits = new StringBuilder(number.substring(0, end).replace(String.valueOf(grouping), ""));
    int rest = number.length() - end;
    while (digits.length() + (digits.length() - 1) / size + rest < room) {
      digits.insert(0, '0');
      if (digits.length() > MOST_DIGITS) {
        throw new Failure("a width is too large");
      }
    }
    out.add(grouped(digits.toString(), size)).add(number.substring(end));
  }

  private void character(String character, Text out) {
    if (!printf && zeros && align == '\0' && width > 1) {
      out.add("0", width - 1L).add(character);
    } else {
      pad(character, '>', out);
    }
  }

  /// Widths count characters.
  private void pad(String text, char usual, Text out) {
    int missing = Math.max(0, width - text.codePointCount(0, text.length()));
    int left =
        switch (align == '\0' ? usual : align) {
          case '<' -> 0;
          case '^' -> missing / 2;
          default -> missing;
        };
    out.add(fill, left).add(text).add(fill, missing - (long) left);
  }

  private Failure unfit(String kind) {
    return new Failure(kind + " cannot be formatted as '" + type + "'");
  }
}
