package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// Work on characters, which here are code points.
final class Texts {
  private Texts() {}

  /// White space as Unicode has it; Java leaves out the non-breaking ones.
  static boolean isSpace(int c) {
    return (c >= 9 && c <= 13) || c == 0x85 || Character.isSpaceChar(c);
  }

  static String trimStart(String text) {
    return trimStart(text, Texts::isSpace);
  }

  static String trimEnd(String text) {
    return trimEnd(text, Texts::isSpace);
  }

  static String trimStart(String text, IntPredicate unwanted) {
    int start = 0;
    while (start < text.length() && unwanted.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    return text.substring(start);
  }

  static String trimEnd(String text, IntPredicate unwanted) {
    int end = text.length();
    while (end > 0 && unwanted.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(0, end);
  }

  /// Without line ends, and nothing after the last one.
  static List<String> lines(String text) {
    var lines = new ArrayList<String>();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      var line = text.substring(at, end < 0 ? text.length() : end);
      lines.add(end >= 0 && line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
      at = end < 0 ? text.length() : end + 1;
    }
    return lines;
  }

  /// @param most how many parts there may be; negative for any
  static List<String> split(String text, String separator, int most) {
    if (separator.isEmpty()) {
      return splitEverywhere(text, most);
    }
    var parts = new ArrayList<String>();
    int at = 0;
    int end = text.indexOf(separator);
    while (end >= 0 && (most < 0 || parts.size() < most - 1)) {
      parts.add(text.substring(at, end));
      at = end + separator.length();
      end = text.indexOf(separator, at);
    }
    parts.add(text.substring(at));
    return parts;
  }

  /// Nothing stands before, between and behind all characters.
  private static List<String> splitEverywhere(String text, int most) {
    var parts = new ArrayList<String>();
    parts.add("");
    int at = 0;
    while (at < text.length() && (most < 0 || parts.size() < most - 1)) {
      int end = at + Character.charCount(text.codePointAt(at));
      parts.add(text.substring(at, end));
      at = end;
    }
    if (most == 1) {
      return List.of(text);
    }
    parts.add(text.substring(at));
    return parts;
  }

  /// At runs of white space.
  ///
  /// @param most how many parts there may be; negative for any
  static List<String> words(String text, int most) {
    var words = new ArrayList<String>();
    int at = afterSpaces(text, 0);
    while (at < text.length()) {
      boolean isLast = most >= 0 && words.size() == most - 1;
      int end = isLast ? text.length() : afterWord(text, at);
      words.add(text.substring(at, end));
      at = afterSpaces(text, end);
    }
    return words;
  }

  private static int afterSpaces(String text, int from) {
    int at = from;
    while (at < text.length() && isSpace(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at;
  }

  private static int afterWord(String text, int from) {
    int at = from;
    while (at < text.length() && !isSpace(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at;
  }

  /// The escapes of a string in a template; unknown ones stay as they are.
  static String unescape(String text) {
    var out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escape = text.charAt(at++);
      int digits = escape == 'u' ? 4 : escape == 'x' ? 2 : 0;
      if (digits > 0) {
        out.append((char) number(text, at, digits, 16));
        at += digits;
      } else if (escape >= '0' && escape <= '7') {
        int end = at;
        while (end < text.length()
            && end < at + 2
            && text.charAt(end) >= '0'
            && text.charAt(end) <= '7') {
          end++;
        }
        int octal = number(text, at - 1, end - at + 1, 8);
        if (octal > 0xff) {
          throw new Failure("this string has a bad escape");
        }
        out.append((char) octal);
        at = end;
      } else {
        out.append(simple(escape));
      }
    }
    var unescaped = out.toString();
    if (unescaped.codePoints().anyMatch(p -> p >= 0xd800 && p <= 0xdfff)) {
      throw new Failure("this string has a bad escape");
    }
    return unescaped;
  }

  private static String simple(char escape) {
    return switch (escape) {
      case '"', '\\', '/', '\'' -> String.valueOf(escape);
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      default -> "\\" + escape;
    };
  }

  private static int number(String text, int from, int digits, int radix) {
    try {
      return Integer.parseInt(text, from, from + digits, radix);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new Failure("this string has a bad escape");
    }
  }
}
