package latchkey.base.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// The two ways of Python to lay out values in a text: `"%s"|format(x)` and `"{}".format(x)`.
final class Formats {
  private Formats() {}

  static String printf(String format, Arguments in, Run run) {
    var out = new Text(run.budget());
    var reader = new Reader(format);
    int next = 0;
    while (reader.hasMore()) {
      if (!reader.take('%')) {
        out.add(reader.upTo("%"));
        continue;
      }
      if (reader.take('%')) {
        out.add("%");
        continue;
      }
      var name = reader.take('(') ? reader.through(')') : null;
      var layout = FormatSpec.printf(reader);
      var value = name == null ? argument(in, next++) : member(in, name);
      layout.write(value, out, run);
    }
    return out.toString();
  }

  private static Value argument(Arguments in, int index) {
    if (index >= in.size()) {
      throw new Failure("missing an argument for a format spec");
    }
    return in.at(index);
  }

  private static Value member(Arguments in, String name) {
    var map = in.size() > 0 ? in.at(0) : null;
    var value = map != null ? Lookup.entries(map).get(Value.of(name)) : in.named().get(name);
    if (value == null) {
      throw new Failure("missing an argument for a format spec");
    }
    return value;
  }

  static String braces(String format, Arguments in, Run run) {
    return new Braces(new Reader(format), in, run).text();
  }

  private static final class Braces {
    private final Reader reader;
    private final Arguments in;
    private final Run run;
    private int next;
    private @Nullable Boolean automatic;

    Braces(Reader reader, Arguments in, Run run) {
      this.reader = reader;
      this.in = in;
      this.run = run;
    }

    String text() {
      var out = new Text(run.budget());
      while (reader.hasMore()) {
        if (reader.take('}')) {
          if (!reader.take('}')) {
            throw new Failure("invalid single '}' in format string");
          }
          out.add("}");
        } else if (!reader.take('{')) {
          out.add(reader.upTo("{}"));
        } else if (reader.take('{')) {
          out.add("{");
        } else {
          field(out);
        }
      }
      return out.toString();
    }

    private void field(Text out) {
      var value = value();
      var layout = reader.take(':') ? FormatSpec.braces(reader) : FormatSpec.PLAIN;
      if (!reader.take('}')) {
        throw new Failure("missing closing '}' in format spec");
      }
      layout.write(value, out, run);
    }

    private Value value() {
      int number = reader.number();
      if (number >= 0) {
        number(false);
        return inside(argument(in, number));
      }
      var name = reader.name();
      if (!name.isEmpty()) {
        var value = in.named().get(name);
        if (value == null) {
          throw new Failure("argument not found for a format field");
        }
        return inside(value);
      }
      number(true);
      return argument(in, next++);
    }

    private void number(boolean automatically) {
      if (automatic != null && automatic != automatically) {
        throw new Failure("fields are either numbered or not");
      }
      automatic = automatically;
    }

    private Value inside(Value start) {
      var value = start;
      while (true) {
        if (reader.take('.')) {
          var name = reader.name();
          if (name.isEmpty()) {
            throw new Failure("missing attribute name after '.' in format spec");
          }
          value = Lookup.attribute(value, name);
        } else if (reader.take('[')) {
          value = Lookup.path(value, reader.through(']').replace(".", "\0"), run.budget());
        } else {
          break;
        }
      }
      if (value.isUndefined()) {
        throw new Failure("undefined value");
      }
      return value;
    }
  }

  /// A format, from left to right.
  static final class Reader {
    private final String format;
    private int at;

    Reader(String format) {
      this.format = format;
    }

    boolean hasMore() {
      return at < format.length();
    }

    /// The next character, or one that means nothing.
    char peek() {
      return at < format.length() ? format.charAt(at) : '\0';
    }

    char peekAfter() {
      int after = at + 1;
      return after < format.length() ? format.charAt(after) : '\0';
    }

    char next() {
      char c = peek();
      at++;
      return c;
    }

    boolean take(char c) {
      boolean seen = hasMore() && peek() == c;
      at += seen ? 1 : 0;
      return seen;
    }

    String upTo(String ends) {
      int start = at;
      while (hasMore() && ends.indexOf(peek()) < 0) {
        at++;
      }
      return format.substring(start, at);
    }

    String through(char end) {
      int start = at;
      int found = format.indexOf(end, at);
      if (found < 0) {
        throw new Failure("incomplete format key");
      }
      at = found + 1;
      return format.substring(start, found);
    }

    /// -1 without digits.
    int number() {
      int start = at;
      while (peek() >= '0' && peek() <= '9') {
        at++;
      }
      if (start == at) {
        return -1;
      }
      if (at - start > 7) {
        throw new Failure("a number in a format is too large");
      }
      return Integer.parseInt(format, start, at, 10);
    }

    String name() {
      int start = at;
      while (peek() == '_' || isAsciiLetter(peek()) || (at > start && Character.isDigit(peek()))) {
        at++;
      }
      return format.substring(start, at);
    }

    private static boolean isAsciiLetter(char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
  }

  /// With that many digits behind the point, half to even of what the number exactly is.
  static String fixed(double number, int digits) {
    return fixed(new BigDecimal(number), digits);
  }

  static String fixed(BigDecimal number, int digits) {
    return number.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  /// Without a fraction if it has none.
  static String shortest(double number) {
    var plain = Display.plain(number);
    return plain.endsWith(".0") ? plain.substring(0, plain.length() - 2) : plain;
  }
}
