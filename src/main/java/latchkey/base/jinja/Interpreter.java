package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import latchkey.base.jinja.Statement.Target;

/// Carries statements out.
final class Interpreter {
  private final Run run;
  private final Evaluator evaluator;

  Interpreter(Run run) {
    this.run = run;
    this.evaluator = new Evaluator(run);
  }

  void execute(List<Statement> statements, Scope scope, Text out) {
    run.budget().enter();
    for (var statement : statements) {
      run.budget().charge(1);
      run.at(statement.line());
      execute(statement, scope, out);
    }
    run.budget().leave();
  }

  private void execute(Statement statement, Scope scope, Text out) {
    switch (statement) {
      case Statement.Data(_, var text) -> out.add(text);
      case Statement.Print(_, var expression) ->
          Display.write(evaluator.evaluate(expression, scope), out);
      case Statement.If choice -> choose(choice, scope, out);
      case Statement.For loop ->
          iterate(loop, scope, out, 0, evaluator.evaluate(loop.items(), scope));
      case Statement.Set(_, var target, var value) ->
          assign(target, evaluator.evaluate(value, scope), scope);
      case Statement.SetBlock(_, var target, var filters, var body) ->
          assign(target, filtered(filters, body, scope), scope);
      case Statement.FilterBlock(_, var filters, var body) ->
          Display.write(filtered(filters, body, scope), out);
      case Statement.With(_, var assignments, var body) -> {
        var inner = new Scope(scope);
        for (var assignment : assignments) {
          assign(assignment.target(), evaluator.evaluate(assignment.value(), inner), inner);
        }
        execute(body, inner, out);
      }
      case Statement.Macro(_, var signature, var body) ->
          scope.set(signature.name(), new Macro(signature, body, scope, this));
      case Statement.CallBlock(_, var call, var caller, var body) -> {
        var inner = new Scope(scope);
        inner.set("caller", new Macro(caller, body, scope, this));
        Display.write(evaluator.evaluate(withCaller(call), inner), out);
      }
      case Statement.Do(_, var call) -> evaluator.evaluate(call, scope);
    }
  }

  private static Expression.Call withCaller(Expression.Call call) {
    var passed = call.passed();
    var named = new LinkedHashMap<>(passed.named());
    named.put("caller", new Expression.Variable("caller"));
    return new Expression.Call(
        call.of(),
        new Expression.Passed(passed.positional(), passed.spread(), named, passed.spreadNames()));
  }

  private void choose(Statement.If choice, Scope scope, Text out) {
    for (var branch : choice.branches()) {
      if (evaluator.evaluate(branch.condition(), scope).isTrue()) {
        execute(branch.body(), scope, out);
        return;
      }
    }
    execute(choice.otherwise(), scope, out);
  }

  /// @param depth how many times the loop has called itself
  void iterate(Statement.For statement, Scope scope, Text out, int depth, Value items) {
    var list = items(statement, scope, items);
    boolean isSized = statement.condition() != null || knowsLength(items);
    var inner = new Scope(scope);
    var loop = new Loop(list, isSized, depth, new Recursion(statement, scope));
    inner.set("loop", loop);
    for (int i = 0; i < list.size(); i++) {
      loop.moveTo(i);
      assign(statement.target(), list.get(i), inner);
      execute(statement.body(), inner, out);
    }
    if (list.isEmpty()) {
      execute(statement.otherwise(), inner, out);
    }
  }

  /// Nobody counts the characters of a text beforehand.
  private static boolean knowsLength(Value items) {
    return !(items instanceof Value.Str) && (items.isNothing() || Lookup.length(items) >= 0);
  }

  private List<Value> items(Statement.For statement, Scope scope, Value items) {
    run.budget().charge(items.weight());
    var list = Lookup.iterate(items, run.budget());
    var condition = statement.condition();
    if (condition == null) {
      return list;
    }
    var chosen = new ArrayList<Value>();
    var inner = new Scope(scope);
    for (var item : list) {
      assign(statement.target(), item, inner);
      if (evaluator.evaluate(condition, inner).isTrue()) {
        chosen.add(item);
      }
    }
    return chosen;
  }

  /// What `loop(items)` does.
  final class Recursion {
    private final Statement.For statement;
    private final Scope scope;

    Recursion(Statement.For statement, Scope scope) {
      this.statement = statement;
      this.scope = scope;
    }

    Value call(Value items, int depth) {
      if (!statement.recursive()) {
        throw new Failure("cannot recurse outside of recursive loop");
      }
      var out = new Text(run.budget());
      iterate(statement, scope, out, depth + 1, items);
      return out.value();
    }
  }

  private Value filtered(List<Statement.Applied> filters, List<Statement> body, Scope scope) {
    var value = captured(body, new Scope(scope));
    for (var filter : filters) {
      value = evaluator.filter(filter.name(), value, filter.passed(), scope);
    }
    return value;
  }

  private Value captured(List<Statement> body, Scope scope) {
    var out = new Text(run.budget());
    execute(body, scope, out);
    return out.value();
  }

  /// What a macro renders. Its parameters come to be from the last to the first, so a default knows
  /// those behind it.
  Value expand(Statement.Signature signature, List<Statement> body, Scope scope, Arguments passed) {
    var parameters = signature.parameters();
    int withDefault = parameters.size() - signature.defaults().size();
    for (int i = parameters.size() - 1; i >= 0; i--) {
      var value = i < passed.size() ? passed.at(i) : passed.named(parameters.get(i));
      boolean isLeft = value.isUndefined() && i >= withDefault;
      var expression = isLeft ? signature.defaults().get(i - withDefault) : null;
      scope.set(
          parameters.get(i), expression == null ? value : evaluator.evaluate(expression, scope));
    }
    int line = run.line();
    var value = captured(body, scope);
    run.at(line);
    return value;
  }

  private void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case Target.Name(var name) -> scope.set(name, value);
      case Target.Member(var of, var attribute) -> {
        var owner = evaluator.evaluate(of, scope);
        if (!(owner instanceof Namespace namespace)) {
          throw new Failure("can only assign to namespaces, not " + owner.kind());
        }
        namespace.set(attribute, value);
      }
      case Target.Several(var targets) -> {
        if (!(value instanceof Seq) && !(value instanceof Dict)) {
          throw new Failure("cannot unpack: value is not iterable");
        }
        var items = Lookup.iterate(value, run.budget());
        if (items.size() != targets.size()) {
          throw new Failure("cannot unpack: sequence of wrong length");
        }
        for (int i = 0; i < items.size(); i++) {
          assign(targets.get(i), items.get(i), scope);
        }
      }
    }
  }
}
