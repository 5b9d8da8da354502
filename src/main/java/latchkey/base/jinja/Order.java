package latchkey.base.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which values are equal, and which comes first. Kinds are apart from each other when sorted, but
/// equality looks through some: 1 is `true` and 1.0.
final class Order {
  static final Comparator<Value> OF_VALUES = Order::compare;

  /// Capitals of the Latin alphabet as small letters.
  static final Comparator<Value> WITHOUT_CASE = Order::compareWithoutCase;

  /// Up to here doubles hold every whole number, and none of them a fraction from here on.
  private static final int EXACT_BITS = 53;

  private static final double EXACT = 0x1p53;

  private Order() {}

  private static int compareWithoutCase(Value left, Value right) {
    var a = left.asText();
    var b = right.asText();
    return a == null || b == null ? compare(left, right) : compareTexts(lower(a), lower(b));
  }

  private static String lower(String text) {
    return text.chars().allMatch(c -> c < 'A' || c > 'Z')
        ? text
        : text.codePoints()
            .map(c -> c >= 'A' && c <= 'Z' ? c + 32 : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  @SuppressWarnings("ReferenceEquality")
  static boolean equal(Value left, Value right) {
    if (left == right) {
      return !(left instanceof Value.Real(var number) && Double.isNaN(number));
    }
    return switch (left) {
      case Value.Str(var a, _) -> right instanceof Value.Str(var b, _) && a.equals(b);
      case Bytes a -> right instanceof Bytes b && Arrays.equals(a.content(), b.content());
      case Value.Bool _, Value.Int _, Value.Real _ -> equalNumbers(left, right);
      case Seq a -> right instanceof Seq b && equalItems(a.items(), b.items());
      case Dict _, Namespace _ ->
          (right instanceof Dict || right instanceof Namespace)
              && equalEntries(Lookup.entries(left), Lookup.entries(right));
      case Nothing _, Thing _ -> false;
    };
  }

  private static boolean equalNumbers(Value left, Value right) {
    return Convert.isNumeric(right)
        && !Double.isNaN(Convert.real(left))
        && compareNumbers(left, right) == 0;
  }

  private static boolean equalItems(Iterable<Value> left, Iterable<Value> right) {
    var a = left.iterator();
    var b = right.iterator();
    while (a.hasNext() && b.hasNext()) {
      if (!equal(a.next(), b.next())) {
        return false;
      }
    }
    return !a.hasNext() && !b.hasNext();
  }

  private static boolean equalEntries(Map<Value, Value> left, Map<Value, Value> right) {
    return left.size() == right.size()
        && left.entrySet().stream()
            .allMatch(entry -> isThereAndEqual(entry.getValue(), right.get(entry.getKey())));
  }

  private static boolean isThereAndEqual(Value value, @Nullable Value other) {
    return other != null && equal(value, other);
  }

  static int compare(Value left, Value right) {
    int kinds = left.kind().compareTo(right.kind());
    if (kinds != 0) {
      return kinds;
    }
    return switch (left) {
      case Nothing _ -> 0;
      case Value.Bool a -> Boolean.compare(a.isTrue(), right.isTrue());
      case Value.Int _, Value.Real _ -> compareNumbers(left, right);
      case Value.Str(var a, _) -> compareTexts(a, Convert.string(right));
      case Bytes a -> Arrays.compareUnsigned(a.content(), ((Bytes) right).content());
      case Seq a -> compareItems(a.items().iterator(), ((Seq) right).items().iterator());
      case Dict _, Thing _ -> compareMaps(left, right);
    };
  }

  private static int compareMaps(Value left, Value right) {
    if (left.kind() == Value.Kind.MAP) {
      return compareEntries(
          Lookup.entries(left).entrySet().iterator(), Lookup.entries(right).entrySet().iterator());
    }
    return ((Thing) left).words().compareTo(((Thing) right).words());
  }

  private static int compareEntries(
      Iterator<Map.Entry<Value, Value>> left, Iterator<Map.Entry<Value, Value>> right) {
    while (left.hasNext() && right.hasNext()) {
      var a = left.next();
      var b = right.next();
      int keys = compare(a.getKey(), b.getKey());
      int order = keys != 0 ? keys : compare(a.getValue(), b.getValue());
      if (order != 0) {
        return order;
      }
    }
    return Boolean.compare(left.hasNext(), right.hasNext());
  }

  private static int compareItems(Iterator<Value> left, Iterator<Value> right) {
    while (left.hasNext() && right.hasNext()) {
      int order = compare(left.next(), right.next());
      if (order != 0) {
        return order;
      }
    }
    return Boolean.compare(left.hasNext(), right.hasNext());
  }

  private static int compareNumbers(Value left, Value right) {
    if (left instanceof Value.Real(var a)) {
      return right instanceof Value.Real(var b)
          ? compareReals(a, b)
          : -compare(Convert.requireInteger(right), a);
    }
    var a = Convert.requireInteger(left);
    return right instanceof Value.Real(var b)
        ? compare(a, b)
        : a.compareTo(Convert.requireInteger(right));
  }

  private static int compareReals(double left, double right) {
    return left == right ? 0 : Double.compare(left, right);
  }

  /// A whole number with a fraction, without rounding either.
  private static int compare(BigInteger left, double right) {
    if (left.bitLength() <= EXACT_BITS || !Double.isFinite(right)) {
      return compareReals(left.doubleValue(), right);
    }
    return Math.abs(right) < EXACT
        ? left.signum()
        : left.compareTo(new BigDecimal(right).toBigInteger());
  }

  /// By code point, which is not how Java compares.
  static int compareTexts(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean bothInPairs = Character.isSurrogate(a) == Character.isSurrogate(b);
        return bothInPairs ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /// As people sort, unless case matters.
  static Comparator<Value> by(boolean caseSensitive, boolean reverse) {
    var order = caseSensitive ? OF_VALUES : WITHOUT_CASE;
    return reverse ? order.reversed() : order;
  }

  static String lowered(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
