package latchkey.base.jinja;

import java.util.List;

/// Refuses a template that could not be walked through: long chains of operators and filters are
/// deep trees, however short they look. Walking itself stops at the limit.
final class Depth {
  private Depth() {}

  /// @throws MalformedTemplate if there is no way down
  static void check(List<Statement> statements) {
    statements(statements, 0);
  }

  private static void statements(List<Statement> statements, int depth) {
    for (var statement : statements) {
      statement(statement, deeper(statement.line(), depth));
    }
  }

  private static int deeper(int line, int depth) {
    if (depth >= Budget.SOURCE_DEPTH) {
      throw new MalformedTemplate(line, "this is nested too deeply, or too long a chain");
    }
    return depth + 1;
  }

  private static void statement(Statement statement, int depth) {
    int line = statement.line();
    switch (statement) {
      case Statement.Data _ -> {}
      case Statement.Print(_, var expression) -> expression(expression, line, depth);
      case Statement.Do(_, var call) -> expression(call, line, depth);
      case Statement.Set(_, _, var value) -> expression(value, line, depth);
      case Statement.SetBlock(_, _, var filters, var body) -> {
        filters(filters, line, depth);
        statements(body, depth);
      }
      case Statement.FilterBlock(_, var filters, var body) -> {
        filters(filters, line, depth);
        statements(body, depth);
      }
      case Statement.If(_, var branches, var otherwise) -> {
        for (var branch : branches) {
          expression(branch.condition(), line, depth);
          statements(branch.body(), depth);
        }
        statements(otherwise, depth);
      }
      case Statement.For(_, _, var items, var condition, _, var body, var otherwise) -> {
        expression(items, line, depth);
        if (condition != null) {
          expression(condition, line, depth);
        }
        statements(body, depth);
        statements(otherwise, depth);
      }
      case Statement.With(_, var assignments, var body) -> {
        assignments.forEach(assignment -> expression(assignment.value(), line, depth));
        statements(body, depth);
      }
      case Statement.Macro(_, var signature, var body) -> {
        signature.defaults().forEach(value -> expression(value, line, depth));
        statements(body, depth);
      }
      case Statement.CallBlock(_, var call, var caller, var body) -> {
        expression(call, line, depth);
        caller.defaults().forEach(value -> expression(value, line, depth));
        statements(body, depth);
      }
    }
  }

  private static void filters(List<Statement.Applied> filters, int line, int depth) {
    for (var filter : filters) {
      filter.passed().positional().forEach(argument -> expression(argument, line, depth));
      filter.passed().named().values().forEach(argument -> expression(argument, line, depth));
    }
  }

  private static void expression(Expression expression, int line, int depth) {
    int below = deeper(line, depth);
    expression.parts().forEach(part -> expression(part, line, below));
  }
}
