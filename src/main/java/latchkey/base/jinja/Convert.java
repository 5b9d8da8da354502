package latchkey.base.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// One kind of value as another, where that is possible. Whole numbers have 128 bits.
final class Convert {
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);
  private static final BigInteger LEAST = MOST.not();

  private Convert() {}

  static boolean fits(BigInteger number) {
    return number.bitLength() <= 127;
  }

  /// A whole number or a boolean as it is.
  static BigInteger requireInteger(Value value) {
    return switch (value) {
      case Value.Bool flag -> flag.isTrue() ? BigInteger.ONE : BigInteger.ZERO;
      case Value.Int(var number) -> number;
      default -> throw new Failure("cannot convert " + value.kind() + " to a whole number");
    };
  }

  /// A whole number, or what is one; null of anything else.
  static @Nullable BigInteger whole(Value value) {
    var whole =
        switch (value) {
          case Value.Bool flag -> flag.isTrue() ? BigInteger.ONE : BigInteger.ZERO;
          case Value.Int(var number) -> number;
          case Value.Real(var number) when number == Math.rint(number) && isLong(number) ->
              BigInteger.valueOf((long) number);
          default -> null;
        };
    return whole != null && fits(whole) ? whole : null;
  }

  static BigInteger requireWhole(Value value) {
    var whole = whole(value);
    if (whole == null) {
      throw new Failure("cannot convert " + value.kind() + " to a whole number");
    }
    return whole;
  }

  static long requireLong(Value value) {
    var whole = requireWhole(value);
    if (whole.bitLength() > 63) {
      throw new Failure("a number is too large");
    }
    return whole.longValue();
  }

  /// A count of something.
  static int size(Value value) {
    var whole = requireWhole(value);
    if (whole.signum() < 0 || whole.bitLength() > 31) {
      throw new Failure("a number is negative or too large");
    }
    return whole.intValue();
  }

  /// The nearest fraction to a number or a boolean.
  static double real(Value value) {
    return switch (value) {
      case Value.Bool flag -> flag.isTrue() ? 1 : 0;
      case Value.Int(var number) -> number.doubleValue();
      case Value.Real(var number) -> number;
      default -> throw new Failure("cannot convert " + value.kind() + " to float");
    };
  }

  static boolean isNumeric(Value value) {
    return value instanceof Value.Bool || value.kind() == Value.Kind.NUMBER;
  }

  /// Without its fraction, and no larger than whole numbers get.
  static Value truncated(double number) {
    if (Double.isNaN(number)) {
      return Value.of(0);
    }
    if (Double.isInfinite(number)) {
      return new Value.Int(number > 0 ? MOST : LEAST);
    }
    return isLong(number)
        ? Value.of((long) number)
        : new Value.Int(new BigDecimal(number).toBigInteger().min(MOST).max(LEAST));
  }

  private static boolean isLong(double number) {
    return Math.abs(number) < 0x1p63;
  }

  /// The text that a value is.
  static String string(Value value) {
    var text = value.asText();
    if (text == null) {
      throw new Failure("value of type " + value.kind() + " is not a string");
    }
    return text;
  }

  static boolean flag(Value value) {
    if (value instanceof Value.Bool flag) {
      return flag.isTrue();
    }
    throw new Failure("cannot convert " + value.kind() + " to bool");
  }
}
