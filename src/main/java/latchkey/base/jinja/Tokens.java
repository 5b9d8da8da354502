package latchkey.base.jinja;

import java.util.List;

/// Where a parser stands among the tokens.
final class Tokens {
  private final List<Token> tokens;
  private int at;
  private int depth;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token next() {
    var token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  int line() {
    return peek().line();
  }

  boolean sees(Token.Type type, String what) {
    return peek().is(type, what);
  }

  boolean seesOperator(String operator) {
    return sees(Token.Type.OPERATOR, operator);
  }

  boolean seesName(String name) {
    return sees(Token.Type.NAME, name);
  }

  boolean takeOperator(String operator) {
    return take(Token.Type.OPERATOR, operator);
  }

  boolean takeName(String name) {
    return take(Token.Type.NAME, name);
  }

  private boolean take(Token.Type type, String what) {
    boolean seen = sees(type, what);
    if (seen) {
      next();
    }
    return seen;
  }

  void requireOperator(String operator) {
    if (!takeOperator(operator)) {
      throw unexpected("`" + operator + "`");
    }
  }

  void requireName(String name) {
    if (!takeName(name)) {
      throw unexpected("`" + name + "`");
    }
  }

  void requireClose() {
    if (peek().type() != Token.Type.CLOSE) {
      throw unexpected("the end of this block");
    }
    next();
  }

  String requireAnyName() {
    if (peek().type() != Token.Type.NAME) {
      throw unexpected("a name");
    }
    return next().text();
  }

  MalformedTemplate unexpected(String expected) {
    return problem(peek().description() + " is not expected here, but " + expected);
  }

  MalformedTemplate problem(String what) {
    return new MalformedTemplate(line(), what);
  }

  /// One level deeper; [#leave] comes back.
  void enter() {
    depth++;
    if (depth > Budget.SOURCE_DEPTH) {
      throw problem("this is nested too deeply");
    }
  }

  void leave() {
    depth--;
  }
}
