package latchkey.base.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/// What `is` asks (`configuration.md` 13.3).
final class Tests {
  private Tests() {}

  static void addTo(Library library) {
    kinds(library);
    numbers(library);
    comparisons(library);
    texts(library);
    one(library, "safe", value -> value instanceof Value.Str(_, var safe) && safe);
    one(library, "escaped", value -> value instanceof Value.Str(_, var safe) && safe);
    library.test("filter", 1, (in, run) -> Value.of(run.library().filter(in.string(0)) != null));
    library.test("test", 1, (in, run) -> Value.of(run.library().test(in.string(0)) != null));
  }

  private static void kinds(Library library) {
    one(library, "undefined", Value::isUndefined);
    one(library, "defined", value -> !value.isUndefined());
    one(library, "none", value -> value == Nothing.NONE);
    one(library, "boolean", value -> value instanceof Value.Bool);
    one(library, "true", value -> value == Value.Bool.TRUE);
    one(library, "false", value -> value == Value.Bool.FALSE);
    one(library, "number", value -> value.kind() == Value.Kind.NUMBER);
    one(library, "integer", value -> value instanceof Value.Int);
    one(library, "int", value -> value instanceof Value.Int);
    one(library, "float", value -> value instanceof Value.Real);
    one(library, "string", value -> value.kind() == Value.Kind.STRING);
    one(library, "sequence", value -> value.kind() == Value.Kind.SEQUENCE);
    one(library, "mapping", value -> value.kind() == Value.Kind.MAP);
    one(library, "iterable", Lookup::isIterable);
  }

  private static void numbers(Library library) {
    one(library, "odd", value -> whole(value, number -> number.testBit(0)));
    one(library, "even", value -> whole(value, number -> !number.testBit(0)));
    two(library, "divisibleby", Tests::isDivisible);
  }

  private static boolean whole(Value value, Predicate<BigInteger> predicate) {
    var whole = Convert.whole(value);
    return whole != null && predicate.test(whole);
  }

  private static boolean isDivisible(Value value, Value by) {
    if (!Convert.isNumeric(value) || !Convert.isNumeric(by)) {
      return false;
    }
    if (value instanceof Value.Real || by instanceof Value.Real) {
      return Convert.real(value) % Convert.real(by) == 0;
    }
    var divisor = Convert.requireWhole(by);
    if (divisor.signum() == 0) {
      throw new Failure("nothing is divisible by 0");
    }
    return whole(value, number -> number.mod(divisor.abs()).signum() == 0);
  }

  private static void comparisons(Library library) {
    List.of("eq", "equalto", "==").forEach(name -> two(library, name, Order::equal));
    List.of("ne", "!=").forEach(name -> two(library, name, (a, b) -> !Order.equal(a, b)));
    order(library, List.of("lt", "lessthan", "<"), order -> order < 0);
    order(library, List.of("le", "<="), order -> order <= 0);
    order(library, List.of("gt", "greaterthan", ">"), order -> order > 0);
    order(library, List.of("ge", ">="), order -> order >= 0);
    two(library, "sameas", Tests::areSame);
    library.test(
        "in",
        2,
        (in, run) ->
            Value.of(canContain(in.at(1)) && Lookup.contains(in.at(1), in.at(0), run.budget())));
  }

  private static boolean canContain(Value value) {
    return value.asText() != null
        || value.isUndefined()
        || value instanceof Seq
        || value.kind() == Value.Kind.MAP;
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean areSame(Value left, Value right) {
    boolean areObjects = isObject(left) || isObject(right);
    boolean alike =
        left.kind() == right.kind() && left instanceof Value.Int == right instanceof Value.Int;
    return areObjects ? left == right : alike && Order.equal(left, right);
  }

  private static boolean isObject(Value value) {
    return value instanceof Seq || value instanceof Dict || value instanceof Thing;
  }

  private static void order(Library library, List<String> names, IntPredicate holds) {
    names.forEach(name -> two(library, name, (a, b) -> holds.test(Order.compare(a, b))));
  }

  private static void texts(Library library) {
    one(library, "lower", value -> all(value, Character::isLowerCase));
    one(library, "upper", value -> all(value, Character::isUpperCase));
    library.test(
        "startingwith", 2, (in, run) -> Value.of(in.text(0, run).startsWith(in.text(1, run))));
    library.test("endingwith", 2, (in, run) -> Value.of(in.text(0, run).endsWith(in.text(1, run))));
  }

  private static boolean all(Value value, IntPredicate predicate) {
    return Convert.string(value).codePoints().allMatch(predicate);
  }

  private static void one(Library library, String name, Predicate<Value> holds) {
    library.test(name, 1, (in, _) -> Value.of(holds.test(in.at(0))));
  }

  private static void two(Library library, String name, BiPredicate<Value, Value> holds) {
    library.test(name, 2, (in, _) -> Value.of(holds.test(in.at(0), in.at(1))));
  }
}
