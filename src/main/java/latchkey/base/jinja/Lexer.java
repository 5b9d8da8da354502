package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into tokens. White space beside `{%-`, `{{-`, `{#-` and their ends goes here.
final class Lexer {
  private static final Pattern START = Pattern.compile("\\{[{%#]");
  private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*+raw\\s*+([-+]?)%}");
  private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*+endraw\\s*+([-+]?)%}");
  private static final Pattern SPACE = Pattern.compile("[ \\t\\n\\f\\r]++");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*+");
  private static final Pattern RADIX =
      Pattern.compile("0[xX][0-9A-Fa-f_]++|0[oO][0-7_]++|0[bB][01_]++");
  private static final Pattern FRACTION =
      Pattern.compile(
          "[0-9][0-9_]*+(?:(?:\\.(?![A-Za-z_])[0-9_]*+)?[eE][-+]?[0-9_]++|\\.(?![A-Za-z_])[0-9_]*+)");
  private static final Pattern INTEGER = Pattern.compile("[0-9][0-9_]*+");
  private static final Pattern STRING =
      Pattern.compile("(?s)\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+'");
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+*/%.,:~|=><()\\[\\]{}]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int counted;
  private int line = 1;
  private boolean trimNext;

  private Lexer(String source) {
    this.source = source;
  }

  /// @throws MalformedTemplate at what is no token
  static List<Token> tokens(String source) {
    var lexer = new Lexer(withoutLastNewline(source));
    while (lexer.at < lexer.source.length()) {
      lexer.data();
    }
    lexer.add(Token.Type.END, "");
    return lexer.tokens;
  }

  private static String withoutLastNewline(String source) {
    var text = source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private void data() {
    var start = START.matcher(source);
    int end = start.find(at) ? start.start() : source.length();
    boolean trimsEnd = end + 2 < source.length() && source.charAt(end + 2) == '-';
    emit(source.substring(at, end), trimsEnd);
    at = end;
    if (end == source.length()) {
      return;
    }
    switch (source.charAt(end + 1)) {
      case '#' -> comment();
      case '{' -> inside(Token.Type.PRINT, "}}");
      default -> block();
    }
  }

  private void emit(String data, boolean trimsEnd) {
    var text = trimNext ? Texts.trimStart(data) : data;
    trimNext = false;
    text = trimsEnd ? Texts.trimEnd(text) : text;
    if (!text.isEmpty()) {
      add(Token.Type.DATA, text);
    }
  }

  private void comment() {
    int end = source.indexOf("#}", at + 2);
    if (end < 0) {
      throw problem("this comment has no end");
    }
    trimNext = source.charAt(end - 1) == '-';
    at = end + 2;
  }

  private void block() {
    var raw = RAW.matcher(source).region(at, source.length());
    if (raw.lookingAt()) {
      raw(raw);
    } else {
      inside(Token.Type.BLOCK, "%}");
    }
  }

  private void raw(Matcher raw) {
    var end = END_RAW.matcher(source);
    if (!end.find(raw.end())) {
      throw problem("this raw block has no end");
    }
    trimNext = raw.group(1).equals("-");
    emit(source.substring(raw.end(), end.start()), end.group(1).equals("-"));
    trimNext = end.group(2).equals("-");
    at = end.end();
  }

  private void inside(Token.Type type, String close) {
    add(type, type == Token.Type.PRINT ? "{{" : "{%");
    at += 2;
    if (at < source.length() && "-+".indexOf(source.charAt(at)) >= 0) {
      at++;
    }
    int open = 0;
    while (true) {
      skip(SPACE);
      if (at >= source.length()) {
        return;
      }
      if (open == 0 && closes(close)) {
        return;
      }
      var token = next();
      open += "([{".contains(token) ? 1 : ")]}".contains(token) ? -1 : 0;
    }
  }

  private boolean closes(String close) {
    boolean signed = "-+".indexOf(source.charAt(at)) >= 0 && source.startsWith(close, at + 1);
    if (!signed && !source.startsWith(close, at)) {
      return false;
    }
    trimNext = source.charAt(at) == '-';
    add(Token.Type.CLOSE, close);
    at += close.length() + (signed ? 1 : 0);
    return true;
  }

  /// @return what it is if it is an operator, else something that is none
  private String next() {
    if (take(NAME, Token.Type.NAME)
        || take(RADIX, Token.Type.INTEGER)
        || take(FRACTION, Token.Type.FRACTION)
        || take(INTEGER, Token.Type.INTEGER)
        || takeString()) {
      return " ";
    }
    if (take(OPERATOR, Token.Type.OPERATOR)) {
      return tokens.getLast().text();
    }
    char c = source.charAt(at);
    throw problem(c == '"' || c == '\'' ? "this string has no end" : "`" + c + "` is not expected");
  }

  private boolean takeString() {
    var match = STRING.matcher(source).region(at, source.length());
    if (!match.lookingAt()) {
      return false;
    }
    var quoted = match.group();
    try {
      add(Token.Type.STRING, Texts.unescape(quoted.substring(1, quoted.length() - 1)));
    } catch (Failure e) {
      throw problem(e.reason());
    }
    at = match.end();
    return true;
  }

  private boolean take(Pattern pattern, Token.Type type) {
    var match = pattern.matcher(source).region(at, source.length());
    // Seeing what comes next, a pattern must not see the end of its region.
    match.useTransparentBounds(true);
    if (!match.lookingAt()) {
      return false;
    }
    add(type, match.group());
    at = match.end();
    return true;
  }

  private void skip(Pattern pattern) {
    var match = pattern.matcher(source).region(at, source.length());
    at = match.lookingAt() ? match.end() : at;
  }

  private void add(Token.Type type, String text) {
    tokens.add(new Token(type, text, line()));
  }

  private int line() {
    for (; counted < at; counted++) {
      line += source.charAt(counted) == '\n' ? 1 : 0;
    }
    return line;
  }

  private MalformedTemplate problem(String what) {
    return new MalformedTemplate(line(), what);
  }
}
