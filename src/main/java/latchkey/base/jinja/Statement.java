package latchkey.base.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a template is made of, from top to bottom.
sealed interface Statement {
  /// Where it begins, from 1.
  int line();

  record Data(int line, String text) implements Statement {}

  record Print(int line, Expression expression) implements Statement {}

  /// @param branches in the order in which they are tried
  record If(int line, List<Branch> branches, List<Statement> otherwise) implements Statement {}

  record Branch(Expression condition, List<Statement> body) {}

  /// @param condition what items have to fulfil, if anything
  record For(
      int line,
      Target target,
      Expression items,
      @Nullable Expression condition,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  record Set(int line, Target target, Expression value) implements Statement {}

  /// `{% set x %}…{% endset %}`.
  record SetBlock(int line, Target target, List<Applied> filters, List<Statement> body)
      implements Statement {}

  record With(int line, List<Assignment> assignments, List<Statement> body) implements Statement {}

  record FilterBlock(int line, List<Applied> filters, List<Statement> body) implements Statement {}

  record Macro(int line, Signature signature, List<Statement> body) implements Statement {}

  /// `{% call f() %}…{% endcall %}`: the body is what `caller()` gives.
  record CallBlock(int line, Expression.Call call, Signature caller, List<Statement> body)
      implements Statement {}

  record Do(int line, Expression.Call call) implements Statement {}

  record Assignment(Target target, Expression value) {}

  /// A filter with its arguments.
  record Applied(String name, Expression.Passed passed) {}

  /// @param defaults of the last parameters
  record Signature(String name, List<String> parameters, List<Expression> defaults) {}

  /// What can be assigned to.
  sealed interface Target {
    record Name(String name) implements Target {}

    /// `namespace.attribute`.
    record Member(Expression of, String attribute) implements Target {}

    record Several(List<Target> targets) implements Target {}
  }
}
