package latchkey.base.jinja;

/// A piece of a template.
///
/// @param text the data, the name, the string without quotes, or the operator
record Token(Type type, String text, int line) {
  enum Type {
    DATA,
    /// `{{`
    PRINT,
    /// `{%`
    BLOCK,
    /// `}}` or `%}`
    CLOSE,
    NAME,
    STRING,
    INTEGER,
    FRACTION,
    OPERATOR,
    END
  }

  boolean is(Type other, String what) {
    return type == other && text.equals(what);
  }

  String description() {
    return switch (type) {
      case END -> "the end of the template";
      case DATA -> "text";
      case STRING -> "a string";
      default -> "`" + text + "`";
    };
  }
}
