package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Works expressions out.
final class Evaluator {
  private final Run run;
  private final Budget budget;

  Evaluator(Run run) {
    this.run = run;
    this.budget = run.budget();
  }

  Value evaluate(Expression expression, Scope scope) {
    budget.enter();
    budget.charge(1);
    var value = unguarded(expression, scope);
    budget.leave();
    return value;
  }

  private Value unguarded(Expression expression, Scope scope) {
    return switch (expression) {
      case Expression.Constant(var value) -> value;
      case Expression.Variable(var name) -> noted(variable(name, scope), expression);
      case Expression.Attribute(var of, var name) -> {
        var value = requireDefined(evaluate(of, scope), expression);
        yield noted(Lookup.attribute(value, name), expression);
      }
      case Expression.Item(var of, var key) -> {
        var value = requireDefined(evaluate(of, scope), expression);
        var at = evaluate(key, scope);
        budget.charge(at.weight());
        if (value instanceof Value.Str) {
          budget.chargeTakingApart(value);
        }
        yield noted(Lookup.item(value, at), expression);
      }
      case Expression.Slice slice -> slice(slice, scope);
      case Expression.ListOf(var parts) -> {
        var list = Seq.list(parts.stream().map(part -> evaluate(part, scope)).toList());
        budget.charge(list.weight());
        yield list;
      }
      case Expression.MapOf map -> map(map, scope);
      case Expression.Negation(var of) -> Arithmetic.negate(evaluate(of, scope));
      case Expression.Not(var of) -> Value.of(!evaluate(of, scope).isTrue());
      case Expression.Either(var or, var left, var right) -> {
        var value = evaluate(left, scope);
        yield value.isTrue() == or ? value : evaluate(right, scope);
      }
      case Expression.Calculation(var operator, var left, var right) ->
          calculate(operator, evaluate(left, scope), evaluate(right, scope));
      case Expression.Comparison comparison -> compare(comparison, scope);
      case Expression.Choice(var condition, var then, var otherwise) -> {
        boolean holds = evaluate(condition, scope).isTrue();
        yield holds
            ? evaluate(then, scope)
            : otherwise == null ? Nothing.UNDEFINED : evaluate(otherwise, scope);
      }
      case Expression.Filter(var name, var of, var passed) ->
          filter(name, evaluate(of, scope), passed, scope);
      case Expression.Test(var name, var of, var passed) -> {
        var arguments = arguments(passed, scope).behind(evaluate(of, scope));
        yield test(name, arguments, run);
      }
      case Expression.Call call -> call(call, scope);
    };
  }

  private Value variable(String name, Scope scope) {
    var value = scope.find(name);
    return value == null ? run.variable(name) : value;
  }

  private Value noted(Value value, Expression expression) {
    if (value.isUndefined()) {
      run.missed(Expression.path(expression));
    }
    return value;
  }

  private static Value requireDefined(Value value, Expression lookup) {
    if (value.isUndefined()) {
      var of = lookup.parts().getFirst();
      var path = Expression.path(of);
      throw new Failure(
          path.isEmpty() ? "undefined value" : "undefined value: there is no " + path);
    }
    return value;
  }

  private Value slice(Expression.Slice slice, Scope scope) {
    var value = evaluate(slice.of(), scope);
    budget.chargeTakingApart(value);
    return Lookup.slice(
        value,
        evaluate(slice.start(), scope),
        evaluate(slice.stop(), scope),
        evaluate(slice.step(), scope));
  }

  private Value map(Expression.MapOf map, Scope scope) {
    var entries = new TreeMap<Value, Value>(Order.OF_VALUES);
    for (int i = 0; i < map.keys().size(); i++) {
      entries.put(evaluate(map.keys().get(i), scope), evaluate(map.values().get(i), scope));
    }
    var value = new Dict(entries);
    budget.charge(value.weight());
    return value;
  }

  private Value calculate(String operator, Value left, Value right) {
    return switch (operator) {
      case "+" -> Arithmetic.add(left, right, budget);
      case "-" -> Arithmetic.subtract(left, right);
      case "*" -> Arithmetic.multiply(left, right, budget);
      case "/" -> Arithmetic.divide(left, right);
      case "//" -> Arithmetic.divideWhole(left, right);
      case "%" -> Arithmetic.remainder(left, right);
      case "**" -> Arithmetic.power(left, right);
      default ->
          new Text(budget).add(Display.of(left, budget)).add(Display.of(right, budget)).value();
    };
  }

  private Value compare(Expression.Comparison comparison, Scope scope) {
    var left = evaluate(comparison.parts().getFirst(), scope);
    for (int i = 0; i < comparison.operators().size(); i++) {
      var right = evaluate(comparison.parts().get(i + 1), scope);
      if (!holds(comparison.operators().get(i), left, right)) {
        return Value.of(false);
      }
      left = right;
    }
    return Value.of(true);
  }

  private boolean holds(String operator, Value left, Value right) {
    budget.charge((long) left.weight() + right.weight());
    return switch (operator) {
      case "==" -> Order.equal(left, right);
      case "!=" -> !Order.equal(left, right);
      case "<" -> Order.compare(left, right) < 0;
      case "<=" -> Order.compare(left, right) <= 0;
      case ">" -> Order.compare(left, right) > 0;
      case ">=" -> Order.compare(left, right) >= 0;
      case "in" -> Lookup.contains(right, left, budget);
      default -> !Lookup.contains(right, left, budget);
    };
  }

  Value filter(String name, Value value, Expression.Passed passed, Scope scope) {
    return filter(name, arguments(passed, scope).behind(value), run);
  }

  static Value filter(String name, Arguments arguments, Run run) {
    var filter = requireFilter(name, run);
    // `map` may call `map`, as often as it has arguments.
    run.budget().enter();
    var result = filter.call(arguments, run);
    run.budget().leave();
    return result;
  }

  static Builtin requireFilter(String name, Run run) {
    var filter = run.library().filter(name);
    if (filter == null) {
      throw new Failure("there is no such filter");
    }
    return filter;
  }

  static Value test(String name, Arguments arguments, Run run) {
    return requireTest(name, run).call(arguments, run);
  }

  static Builtin requireTest(String name, Run run) {
    var test = run.library().test(name);
    if (test == null) {
      throw new Failure("there is no such test");
    }
    return test;
  }

  Value call(Expression.Call call, Scope scope) {
    if (call.of() instanceof Expression.Attribute(var of, var method)) {
      var value = evaluate(of, scope);
      return callMethod(value, method, arguments(call.passed(), scope));
    }
    var callee = evaluate(call.of(), scope);
    return call(callee, arguments(call.passed(), scope));
  }

  private Value call(Value callee, Arguments arguments) {
    if (callee instanceof Thing thing) {
      budget.enter();
      budget.charge(arguments.weight());
      var value = thing.call(run, arguments);
      budget.leave();
      return value;
    }
    throw new Failure("value of type " + callee.kind() + " is not callable");
  }

  /// What is in a map hides the methods of maps, and is called instead.
  private Value callMethod(Value value, String method, Arguments arguments) {
    if (value instanceof Thing || value instanceof Dict) {
      var member = Lookup.attribute(value, method);
      if (!member.isUndefined()) {
        return call(member, arguments);
      }
    }
    var builtin = run.library().method(value.kind(), method);
    if (builtin != null) {
      return builtin.call(arguments.behind(value), run);
    }
    if (value instanceof Thing thing) {
      budget.charge(2 * arguments.weight());
      return thing.callMethod(run, method, arguments);
    }
    throw Thing.unknownMethod(value, method);
  }

  private Arguments arguments(Expression.Passed passed, Scope scope) {
    List<Value> positional = new ArrayList<>();
    for (int i = 0; i < passed.positional().size(); i++) {
      var value = evaluate(passed.positional().get(i), scope);
      if (passed.spread().contains(i)) {
        budget.charge(value.weight());
        positional.addAll(Lookup.iterate(value, budget));
      } else {
        positional.add(value);
      }
    }
    Map<String, Value> named = new LinkedHashMap<>();
    passed.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
    for (var names : passed.spreadNames()) {
      var map = evaluate(names, scope);
      budget.charge(map.weight());
      Lookup.entries(map).forEach((name, value) -> named.put(Convert.string(name), value));
    }
    return new Arguments(positional, named);
  }
}
