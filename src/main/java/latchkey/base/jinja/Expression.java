package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What stands between `{{` and `}}`.
sealed interface Expression {
  /// What it consists of.
  List<Expression> parts();

  record Constant(Value value) implements Expression {
    @Override
    public List<Expression> parts() {
      return List.of();
    }
  }

  record Variable(String name) implements Expression {
    @Override
    public List<Expression> parts() {
      return List.of();
    }
  }

  record Attribute(Expression of, String name) implements Expression {
    @Override
    public List<Expression> parts() {
      return List.of(of);
    }
  }

  record Item(Expression of, Expression key) implements Expression {
    @Override
    public List<Expression> parts() {
      return List.of(of, key);
    }
  }

  record Slice(Expression of, Expression start, Expression stop, Expression step)
      implements Expression {
    @Override
    public List<Expression> parts() {
      return List.of(of, start, stop, step);
    }
  }

  record ListOf(List<Expression> parts) implements Expression {}

  record MapOf(List<Expression> keys, List<Expression> values) implements Expression {
    @Override
    public List<Expression> parts() {
      return Stream.concat(keys.stream(), values.stream()).toList();
    }
  }

  record Negation(Expression of) implements Expression {
    @Override
    public List<Expression> parts() {
      return List.of(of);
    }
  }

  record Not(Expression of) implements Expression {
    @Override
    public List<Expression> parts() {
      return List.of(of);
    }
  }

  /// `and`, `or`: the value that decides.
  record Either(boolean or, Expression left, Expression right) implements Expression {
    @Override
    public List<Expression> parts() {
      return List.of(left, right);
    }
  }

  record Calculation(String operator, Expression left, Expression right) implements Expression {
    @Override
    public List<Expression> parts() {
      return List.of(left, right);
    }
  }

  /// `a < b <= c`: one operator less than operands.
  record Comparison(List<String> operators, List<Expression> parts) implements Expression {}

  /// `this if condition else otherwise`.
  record Choice(Expression condition, Expression then, @Nullable Expression otherwise)
      implements Expression {
    @Override
    public List<Expression> parts() {
      return otherwise == null ? List.of(condition, then) : List.of(condition, then, otherwise);
    }
  }

  record Filter(String name, Expression of, Passed passed) implements Expression {
    @Override
    public List<Expression> parts() {
      return passed.with(of);
    }
  }

  record Test(String name, Expression of, Passed passed) implements Expression {
    @Override
    public List<Expression> parts() {
      return passed.with(of);
    }
  }

  record Call(Expression of, Passed passed) implements Expression {
    @Override
    public List<Expression> parts() {
      return passed.with(of);
    }
  }

  /// The arguments of a call.
  ///
  /// @param spread those of the positional ones that are lists of arguments, by index
  /// @param spreadNames maps of named arguments
  record Passed(
      List<Expression> positional,
      List<Integer> spread,
      Map<String, Expression> named,
      List<Expression> spreadNames) {
    static final Passed NOTHING = new Passed(List.of(), List.of(), Map.of(), List.of());

    List<Expression> with(Expression callee) {
      var all = new ArrayList<Expression>();
      all.add(callee);
      all.addAll(positional);
      all.addAll(named.values());
      all.addAll(spreadNames);
      return all;
    }
  }

  /// How it is written, if it is a plain path such as `user.emails[0]`; empty if it is more.
  static String path(Expression expression) {
    return switch (expression) {
      case Variable(var name) -> name;
      case Attribute(var of, var name) -> below(of, "." + name);
      case Item(var of, Constant(Value.Int(var index))) -> below(of, "[" + index + "]");
      case Item(var of, Constant(Value.Str(var key, _))) -> below(of, "." + key);
      case Expression _ -> "";
    };
  }

  private static String below(Expression of, String step) {
    var path = path(of);
    return path.isEmpty() ? "" : path + step;
  }
}
