package latchkey.base.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// HTML in texts: escaping it, and taking it away.
final class Markup {
  private static final Map<String, String> ENTITIES =
      Map.of("amp", "&", "gt", ">", "lt", "<", "quot", "\"");

  private Markup() {}

  static String escape(String text, Budget budget) {
    var out = new Text(budget);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> out.add("&lt;");
                case '>' -> out.add("&gt;");
                case '&' -> out.add("&amp;");
                case '"' -> out.add("&quot;");
                case '\'' -> out.add("&#x27;");
                case '/' -> out.add("&#x2f;");
                default -> out.add(c);
              }
            });
    return out.toString();
  }

  /// Without tags and comments, with entities resolved and white space run together.
  static String stripTags(String text) {
    return new Stripping(text).text();
  }

  private static final class Stripping {
    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int at;

    Stripping(String source) {
      this.source = source;
    }

    String text() {
      while (at < source.length()) {
        int c = source.codePointAt(at);
        switch (c) {
          case '<' -> tag();
          case '&' -> entity();
          default -> {
            push(c);
            at += Character.charCount(c);
          }
        }
      }
      return Texts.trimEnd(out.toString());
    }

    private void tag() {
      boolean comment = source.startsWith("<!--", at);
      var close = comment ? "-->" : ">";
      int end = source.indexOf(close, at + (comment ? 4 : 1));
      at = end < 0 ? source.length() : end + close.length();
    }

    private void entity() {
      int end = at + 1;
      while (end < source.length()
          && ";<&".indexOf(source.charAt(end)) < 0
          && !Texts.isSpace(source.codePointAt(end))) {
        end += Character.charCount(source.codePointAt(end));
      }
      boolean closed = end < source.length() && source.charAt(end) == ';';
      var name = source.substring(at + 1, end);
      var resolved = resolve(name);
      if (resolved == null) {
        out.append('&').append(name).append(closed ? ";" : "");
      } else {
        resolved.codePoints().forEach(this::push);
      }
      at = closed ? end + 1 : end;
    }

    private void push(int c) {
      if (!Texts.isSpace(c)) {
        out.appendCodePoint(c);
      } else if (!out.isEmpty() && !Texts.isSpace(out.codePointBefore(out.length()))) {
        out.append(' ');
      }
    }

    private static @Nullable String resolve(String name) {
      if (!name.startsWith("#")) {
        return ENTITIES.get(name);
      }
      boolean hexadecimal = name.startsWith("#x") || name.startsWith("#X");
      try {
        int c =
            hexadecimal
                ? Integer.parseInt(name.substring(2), 16)
                : Integer.parseInt(name.substring(1));
        boolean isCharacter = Character.isValidCodePoint(c) && !(c >= 0xd800 && c <= 0xdfff);
        return isCharacter ? Character.toString(c) : null;
      } catch (NumberFormatException e) {
        return null;
      }
    }
  }
}
