package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import latchkey.base.jinja.Statement.Target;
import org.jspecify.annotations.Nullable;

/// Reads a template's statements.
final class Parser {
  private static final Set<String> RESERVED =
      Set.of("true", "True", "false", "False", "none", "None", "loop", "self");

  /// Of Jinja, but of no use where there is one template and no HTML.
  private static final Set<String> ELSEWHERE =
      Set.of("include", "import", "from", "extends", "block", "autoescape");

  private final Tokens tokens;
  private final Names names;
  private final ExpressionParser expressions;

  private Parser(Tokens tokens, Library library) {
    this.tokens = tokens;
    this.names = new Names(library);
    this.expressions = new ExpressionParser(tokens, names);
  }

  /// @throws MalformedTemplate at the first mistake
  static List<Statement> parse(String source, Library library) {
    if (source.length() > Budget.SOURCE_CHARACTERS) {
      throw new MalformedTemplate(
          1, "a template has " + Budget.SOURCE_CHARACTERS + " characters at most");
    }
    var parser = new Parser(new Tokens(Lexer.tokens(source)), library);
    var statements = parser.body(null, Set.of());
    parser.names.checkCalls();
    Depth.check(statements);
    return statements;
  }

  /// Up to a block that ends it, of which the name is the next token.
  ///
  /// @param opened what has to be ended; null at the top
  private List<Statement> body(@Nullable String opened, Set<String> ends) {
    var statements = new ArrayList<Statement>();
    while (true) {
      var token = tokens.peek();
      switch (token.type()) {
        case DATA -> statements.add(new Statement.Data(token.line(), tokens.next().text()));
        case PRINT -> statements.add(print());
        case BLOCK -> {
          tokens.next();
          if (tokens.peek().type() == Token.Type.NAME && ends.contains(tokens.peek().text())) {
            return statements;
          }
          statements.add(statement());
          tokens.requireClose();
        }
        case END -> {
          if (opened != null) {
            throw tokens.problem("`" + opened + "` is not ended");
          }
          return statements;
        }
        default -> throw tokens.unexpected("text");
      }
    }
  }

  private Statement print() {
    int line = tokens.next().line();
    var expression = expressions.parse();
    tokens.requireClose();
    return new Statement.Print(line, expression);
  }

  private Statement statement() {
    tokens.enter();
    int line = tokens.line();
    var keyword = tokens.requireAnyName();
    var statement =
        switch (keyword) {
          case "if" -> condition(line);
          case "for" -> loop(line);
          case "set" -> set(line);
          case "with" -> with(line);
          case "filter" -> filterBlock(line);
          case "macro" -> macro(line);
          case "call" -> callBlock(line);
          case "do" -> new Statement.Do(line, requireCall());
          default -> throw unknown(line, keyword);
        };
    tokens.leave();
    return statement;
  }

  private static MalformedTemplate unknown(int line, String keyword) {
    return new MalformedTemplate(
        line,
        ELSEWHERE.contains(keyword)
            ? "`" + keyword + "` is not available in templates for claims"
            : "there is no block `" + keyword + "`");
  }

  private Statement condition(int line) {
    var branches = new ArrayList<Statement.Branch>();
    List<Statement> otherwise = List.of();
    var ends = Set.of("elif", "else", "endif");
    String end;
    do {
      var condition = expressions.parseWithoutIf();
      tokens.requireClose();
      branches.add(new Statement.Branch(condition, body("if", ends)));
      end = tokens.next().text();
    } while (end.equals("elif"));
    if (end.equals("else")) {
      tokens.requireClose();
      otherwise = body("if", Set.of("endif"));
      tokens.next();
    }
    return new Statement.If(line, branches, otherwise);
  }

  private Statement loop(int line) {
    var target = target(false);
    tokens.requireName("in");
    var items = expressions.parseWithoutIf();
    var condition = tokens.takeName("if") ? expressions.parse() : null;
    boolean recursive = tokens.takeName("recursive");
    tokens.requireClose();
    var body = body("for", Set.of("else", "endfor"));
    List<Statement> otherwise = List.of();
    if (tokens.next().text().equals("else")) {
      tokens.requireClose();
      otherwise = body("for", Set.of("endfor"));
      tokens.next();
    }
    return new Statement.For(line, target, items, condition, recursive, body, otherwise);
  }

  private Statement set(int line) {
    var target = target(true);
    if (!tokens.takeOperator("=")) {
      var filters = tokens.takeOperator("|") ? filterChain() : List.<Statement.Applied>of();
      tokens.requireClose();
      var body = body("set", Set.of("endset"));
      tokens.next();
      return new Statement.SetBlock(line, target, filters, body);
    }
    var value = expressions.parse();
    if (tokens.takeOperator(",")) {
      var items = new ArrayList<Expression>();
      items.add(value);
      while (tokens.peek().type() != Token.Type.CLOSE) {
        items.add(expressions.parse());
        if (!tokens.takeOperator(",")) {
          break;
        }
      }
      value = new Expression.ListOf(items);
    }
    return new Statement.Set(line, target, value);
  }

  private Statement with(int line) {
    var assignments = new ArrayList<Statement.Assignment>();
    while (tokens.peek().type() != Token.Type.CLOSE) {
      if (!assignments.isEmpty()) {
        tokens.requireOperator(",");
      }
      Target target;
      if (tokens.takeOperator("(")) {
        target = target(false);
        tokens.requireOperator(")");
      } else {
        target = new Target.Name(newName());
      }
      tokens.requireOperator("=");
      assignments.add(new Statement.Assignment(target, expressions.parse()));
    }
    tokens.requireClose();
    var body = body("with", Set.of("endwith"));
    tokens.next();
    return new Statement.With(line, assignments, body);
  }

  private Statement filterBlock(int line) {
    var filters = filterChain();
    tokens.requireClose();
    var body = body("filter", Set.of("endfilter"));
    tokens.next();
    return new Statement.FilterBlock(line, filters, body);
  }

  private List<Statement.Applied> filterChain() {
    var filters = new ArrayList<Statement.Applied>();
    do {
      filters.add(expressions.filter());
    } while (tokens.takeOperator("|"));
    return filters;
  }

  private Statement macro(int line) {
    var name = newName();
    tokens.requireOperator("(");
    var signature = signature(name);
    tokens.requireClose();
    var body = body("macro", Set.of("endmacro"));
    tokens.next();
    return new Statement.Macro(line, signature, body);
  }

  private Statement callBlock(int line) {
    var signature =
        tokens.takeOperator("(")
            ? signature("caller")
            : new Statement.Signature("caller", List.of(), List.of());
    var call = requireCall();
    tokens.requireClose();
    var body = body("call", Set.of("endcall"));
    tokens.next();
    return new Statement.CallBlock(line, call, signature, body);
  }

  private Expression.Call requireCall() {
    if (expressions.parse() instanceof Expression.Call call) {
      return call;
    }
    throw tokens.problem("a call is expected here");
  }

  private Statement.Signature signature(String name) {
    var parameters = new ArrayList<String>();
    var defaults = new ArrayList<Expression>();
    while (!tokens.takeOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.requireOperator(",");
        if (tokens.takeOperator(")")) {
          break;
        }
      }
      parameters.add(newName());
      if (tokens.takeOperator("=")) {
        defaults.add(expressions.parse());
      } else if (!defaults.isEmpty()) {
        throw tokens.unexpected("`=`");
      }
    }
    return new Statement.Signature(name, parameters, defaults);
  }

  /// @param members whether attributes can be assigned to as well
  private Target target(boolean members) {
    tokens.enter();
    var targets = new ArrayList<Target>();
    boolean several = false;
    do {
      several |= !targets.isEmpty();
      if (several && endsTargets()) {
        break;
      }
      targets.add(oneTarget(members));
    } while (tokens.takeOperator(","));
    tokens.leave();
    return several ? new Target.Several(targets) : targets.getFirst();
  }

  private boolean endsTargets() {
    return tokens.seesOperator(")")
        || tokens.seesOperator("=")
        || tokens.seesName("in")
        || tokens.peek().type() == Token.Type.CLOSE;
  }

  private Target oneTarget(boolean members) {
    if (tokens.takeOperator("(")) {
      var inner = target(members);
      tokens.requireOperator(")");
      return inner;
    }
    var name = tokens.requireAnyName();
    if (!members || !tokens.seesOperator(".")) {
      return new Target.Name(assignable(name));
    }
    Expression of = new Expression.Variable(assignable(name));
    while (tokens.takeOperator(".")) {
      var attribute = tokens.requireAnyName();
      if (!tokens.seesOperator(".")) {
        return new Target.Member(of, attribute);
      }
      of = new Expression.Attribute(of, attribute);
    }
    throw tokens.unexpected("`=`");
  }

  private String newName() {
    return assignable(tokens.requireAnyName());
  }

  private String assignable(String name) {
    if (RESERVED.contains(name)) {
      throw tokens.problem("`" + name + "` cannot be assigned to");
    }
    names.assigned(name);
    return name;
  }
}
