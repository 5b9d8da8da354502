package latchkey.base.jinja;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// How values print: plainly by themselves, with quotes inside of lists and maps.
final class Display {
  private static final double EXPONENT_FROM = 1e16;
  private static final double EXPONENT_BELOW = 1e-4;

  private Display() {}

  static String of(Value value, Budget budget) {
    if (value instanceof Value.Str(var text, _)) {
      return text;
    }
    var text = new Text(budget);
    write(value, text);
    return text.toString();
  }

  static void write(Value value, Text out) {
    switch (value) {
      case Nothing nothing -> out.add(nothing.isUndefined() ? "" : "none");
      case Value.Bool flag -> out.add(flag.isTrue() ? "true" : "false");
      case Value.Int(var number) -> out.add(number.toString());
      case Value.Real(var number) -> out.add(plain(number));
      case Value.Str(var text, _) -> out.add(text);
      case Bytes bytes -> out.add(new String(bytes.content(), StandardCharsets.UTF_8));
      case Seq _, Dict _, Thing _ -> inside(value, out);
    }
  }

  /// Without exponent, and always with a point.
  static String plain(double number) {
    if (!Double.isFinite(number)) {
      return Double.isNaN(number) ? "NaN" : number > 0 ? "inf" : "-inf";
    }
    var digits =
        new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros().toPlainString();
    boolean negative = Math.copySign(1, number) < 0;
    return (negative ? "-" : "") + digits + (digits.contains(".") ? "" : ".0");
  }

  /// With an exponent where that is shorter.
  private static String brief(double number) {
    double size = Math.abs(number);
    boolean plain = !Double.isFinite(number) || number == 0;
    return plain || (size < EXPONENT_FROM && size >= EXPONENT_BELOW)
        ? plain(number)
        : withExponent(number, "");
  }

  /// @param plus before a positive exponent
  static String withExponent(double number, String plus) {
    var exact = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
    var digits = exact.unscaledValue().toString();
    int exponent = digits.length() - 1 - exact.scale();
    return (number < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + "e"
        + (exponent > 0 ? plus : "")
        + exponent;
  }

  private static void inside(Value value, Text out) {
    switch (value) {
      case Nothing nothing -> out.add(nothing.isUndefined() ? "undefined" : "none");
      case Value.Real(var number) -> out.add(brief(number));
      case Value.Str(var text, _) -> quote(text, out);
      case Bytes bytes -> quote(bytes, out);
      case Seq seq when !seq.isSized() -> out.add("<iterator>");
      case Seq seq -> list(seq.items(), out);
      case Dict dict -> map(dict.entries(), out);
      case Namespace namespace -> map(Lookup.entries(namespace), out);
      case Thing thing -> out.add(thing.words());
      case Value.Bool _, Value.Int _ -> write(value, out);
    }
  }

  private static void list(List<Value> items, Text out) {
    out.add("[");
    for (int i = 0; i < items.size(); i++) {
      out.add(i == 0 ? "" : ", ");
      inside(items.get(i), out);
    }
    out.add("]");
  }

  private static void map(Map<Value, Value> entries, Text out) {
    var between = "{";
    for (var entry : entries.entrySet()) {
      out.add(between);
      inside(entry.getKey(), out);
      out.add(": ");
      inside(entry.getValue(), out);
      between = ", ";
    }
    out.add(entries.isEmpty() ? "{}" : "}");
  }

  /// A line for each item.
  static void pretty(Value value, int depth, Text out) {
    switch (value) {
      case Seq seq when seq.isSized() && !seq.items().isEmpty() -> {
        out.add("[\n");
        for (var item : seq.items()) {
          out.add("    ", depth + 1L);
          pretty(item, depth + 1, out);
          out.add(",\n");
        }
        out.add("    ", depth).add("]");
      }
      case Dict dict when dict.isTrue() -> {
        out.add("{\n");
        dict.entries()
            .forEach(
                (key, item) -> {
                  out.add("    ", depth + 1L);
                  inside(key, out);
                  out.add(": ");
                  pretty(item, depth + 1, out);
                  out.add(",\n");
                });
        out.add("    ", depth).add("}");
      }
      case Value _ -> inside(value, out);
    }
  }

  private static void quote(String text, Text out) {
    out.add("\"");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> out.add("\\\"");
                case '\\' -> out.add("\\\\");
                case '\n' -> out.add("\\n");
                case '\r' -> out.add("\\r");
                case '\t' -> out.add("\\t");
                case 0 -> out.add("\\0");
                default -> {
                  if (isPrintable(c)) {
                    out.add(c);
                  } else {
                    out.add("\\u{" + Integer.toHexString(c) + "}");
                  }
                }
              }
            });
    out.add("\"");
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  private static void quote(Bytes bytes, Text out) {
    out.add("b'");
    for (int i = 0; i < bytes.length(); i++) {
      int c = bytes.at(i);
      switch (c) {
        case '\'' -> out.add("\\'");
        case '\\' -> out.add("\\\\");
        case '\n' -> out.add("\\n");
        case '\r' -> out.add("\\r");
        case '\t' -> out.add("\\t");
        default -> {
          if (c >= ' ' && c < 0x7f) {
            out.add(c);
          } else {
            out.add("\\x%02x".formatted(c));
          }
        }
      }
    }
    out.add("'");
  }
}
