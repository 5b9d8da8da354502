package latchkey.base.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operators on numbers, and what two of them do with texts and lists.
final class Arithmetic {
  private Arithmetic() {}

  static Value add(Value left, Value right, Budget budget) {
    if (left instanceof Seq a && right instanceof Seq b) {
      budget.charge((long) a.weight() + b.weight());
      var items = new ArrayList<>(a.items());
      items.addAll(b.items());
      return a.isSized() && b.isSized() ? Seq.iterable(items) : Seq.unsized(items);
    }
    if (left instanceof Value.Str(var a, _) && right instanceof Value.Str(var b, _)) {
      return new Text(budget).add(a).add(b).value();
    }
    var whole = wholes(left, right);
    if (whole != null) {
      return checked("+", whole.get(0).add(whole.get(1)));
    }
    requireNumbers("+", left, right);
    return new Value.Real(Convert.real(left) + Convert.real(right));
  }

  static Value subtract(Value left, Value right) {
    var whole = wholes(left, right);
    if (whole != null) {
      return checked("-", whole.get(0).subtract(whole.get(1)));
    }
    requireNumbers("-", left, right);
    return new Value.Real(Convert.real(left) - Convert.real(right));
  }

  static Value multiply(Value left, Value right, Budget budget) {
    var leftText = left.asText();
    if (leftText != null) {
      return new Text(budget).add(leftText, times(right)).value();
    }
    var rightText = right.asText();
    if (rightText != null) {
      return new Text(budget).add(rightText, times(left)).value();
    }
    if (left instanceof Seq items) {
      return repeat(items, times(right), budget);
    }
    if (right instanceof Seq items) {
      return repeat(items, times(left), budget);
    }
    var whole = wholes(left, right);
    if (whole != null) {
      return checked("*", whole.get(0).multiply(whole.get(1)));
    }
    requireNumbers("*", left, right);
    return new Value.Real(Convert.real(left) * Convert.real(right));
  }

  private static int times(Value count) {
    return Convert.size(count);
  }

  private static Value repeat(Seq items, int times, Budget budget) {
    if (!items.isSized()) {
      throw new Failure("cannot repeat an iterator of unknown length");
    }
    budget.charge((long) items.weight() * times);
    var repeated = new ArrayList<Value>();
    for (int i = 0; i < times; i++) {
      repeated.addAll(items.items());
    }
    return Seq.iterable(repeated);
  }

  static Value divide(Value left, Value right) {
    requireNumbers("/", left, right);
    return new Value.Real(Convert.real(left) / Convert.real(right));
  }

  /// What is left over is never negative (Euclid), so this rounds away from it.
  static Value divideWhole(Value left, Value right) {
    var whole = wholes(left, right);
    if (whole != null) {
      requireNonZero("//", whole.get(1));
      var parts = whole.get(0).divideAndRemainder(whole.get(1));
      var quotient = parts[0];
      boolean negative = parts[1].signum() < 0;
      var step = BigInteger.valueOf(whole.get(1).signum());
      return checked("//", negative ? quotient.subtract(step) : quotient);
    }
    requireNumbers("//", left, right);
    double a = Convert.real(left);
    double b = Convert.real(right);
    double quotient = truncate(a / b);
    return new Value.Real(a % b < 0 ? quotient - Math.signum(b) : quotient);
  }

  private static double truncate(double number) {
    return number < 0 ? Math.ceil(number) : Math.floor(number);
  }

  static Value remainder(Value left, Value right) {
    var whole = wholes(left, right);
    if (whole != null) {
      requireNonZero("%", whole.get(1));
      return checked("%", whole.get(0).mod(whole.get(1).abs()));
    }
    requireNumbers("%", left, right);
    return new Value.Real(Convert.real(left) % Convert.real(right));
  }

  static Value power(Value left, Value right) {
    var whole = wholes(left, right);
    if (whole != null) {
      return checked("**", power(whole.get(0), whole.get(1)));
    }
    requireNumbers("**", left, right);
    return new Value.Real(Math.pow(Convert.real(left), Convert.real(right)));
  }

  private static BigInteger power(BigInteger base, BigInteger exponent) {
    boolean small = base.abs().compareTo(BigInteger.ONE) <= 0;
    if (exponent.signum() < 0 || exponent.bitLength() > (small ? 32 : 7)) {
      throw failed("**");
    }
    // Of 0, 1 and -1 only the last bit of the exponent matters.
    return small && exponent.bitLength() > 7
        ? base.pow(exponent.testBit(0) ? 1 : 2)
        : base.pow(exponent.intValue());
  }

  static Value negate(Value value) {
    return switch (value) {
      case Value.Real(var number) -> new Value.Real(-number);
      case Value.Int(var number) -> checked("-", number.negate());
      default -> throw new Failure("cannot negate a value of type " + value.kind());
    };
  }

  private static @Nullable List<BigInteger> wholes(Value left, Value right) {
    if (left instanceof Value.Real || right instanceof Value.Real) {
      return null;
    }
    var a = Convert.whole(left);
    var b = Convert.whole(right);
    return a == null || b == null ? null : List.of(a, b);
  }

  private static Value checked(String operator, BigInteger result) {
    if (!Convert.fits(result)) {
      throw failed(operator);
    }
    return new Value.Int(result);
  }

  private static void requireNonZero(String operator, BigInteger divisor) {
    if (divisor.signum() == 0) {
      throw failed(operator);
    }
  }

  private static Failure failed(String operator) {
    return new Failure("unable to calculate " + operator + " of these numbers");
  }

  private static void requireNumbers(String operator, Value left, Value right) {
    if (!Convert.isNumeric(left) || !Convert.isNumeric(right)) {
      throw new Failure(
          "tried to use %s operator on unsupported types %s and %s"
              .formatted(operator, left.kind(), right.kind()));
    }
  }
}
