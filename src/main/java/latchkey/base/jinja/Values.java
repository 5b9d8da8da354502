package latchkey.base.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The door that claims come in by: plain Java to values. Whatever is no map, list, text, number,
/// boolean or null stays outside.
final class Values {
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final int DIGITS = 20;

  private Values() {}

  /// @throws Failure if it is too large or too deep
  /// @throws IllegalArgumentException if there is anything else in it
  static Value of(@Nullable Object object) {
    return of(object, 0);
  }

  private static Value of(@Nullable Object object, int depth) {
    if (depth > Budget.VALUE_DEPTH) {
      throw new Failure("a value is nested too deeply");
    }
    return switch (object) {
      case null -> Nothing.NONE;
      case String text -> text(text);
      case Boolean flag -> Value.of(flag);
      case Byte _, Short _, Integer _, Long _ -> Value.of(((Number) object).longValue());
      case BigInteger number -> whole(number);
      case Float _, Double _, BigDecimal _ -> new Value.Real(((Number) object).doubleValue());
      case Map<?, ?> map -> {
        Map<String, Value> entries = new HashMap<>();
        map.forEach((key, value) -> entries.put(name(key), of(value, depth + 1)));
        yield Dict.named(entries);
      }
      case Collection<?> items -> {
        var values = new ArrayList<Value>();
        items.forEach(item -> values.add(of(item, depth + 1)));
        yield Seq.list(values);
      }
      default -> throw new IllegalArgumentException("no plain value: " + object.getClass());
    };
  }

  private static String name(@Nullable Object key) {
    if (key instanceof String name) {
      return wellFormed(name);
    }
    throw new IllegalArgumentException("the key of a map is no text");
  }

  static Value text(String text) {
    return new Value.Str(wellFormed(text));
  }

  /// Halves of characters, which JSON can spell, become replacement characters.
  private static String wellFormed(String text) {
    boolean broken =
        text.codePoints()
            .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    return broken
        ? text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
        : text;
  }

  /// A whole number as JSON writes it; what does not fit into 64 bits loses digits.
  static Value whole(String digits) {
    return digits.length() > DIGITS ? real(digits) : whole(new BigInteger(digits));
  }

  private static Value whole(BigInteger number) {
    boolean fits = number.compareTo(LEAST) >= 0 && number.compareTo(MOST) <= 0;
    return fits ? new Value.Int(number) : real(number.toString());
  }

  private static Value real(String digits) {
    double number = Double.parseDouble(digits);
    if (!Double.isFinite(number)) {
      throw new Failure("a number is too large");
    }
    return new Value.Real(number);
  }
}
