package latchkey.base.jinja;

import java.math.BigInteger;
import java.util.regex.Pattern;

/// Filters that take a number or give one.
final class NumberFilters {
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,39}");
  private static final Pattern FRACTION =
      Pattern.compile("[-+]?(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++)(?:[eE][-+]?[0-9]++)?");
  private static final Pattern INFINITE = Pattern.compile("(?i)[-+]?inf(?:inity)?");
  private static final Pattern NOT_A_NUMBER = Pattern.compile("(?i)[-+]?nan");

  private NumberFilters() {}

  static void addTo(Library library) {
    library.filter("abs", 1, 1, (in, _) -> abs(in.at(0)));
    library.filter("int", 1, 1, (in, _) -> whole(in.at(0)));
    library.filter("float", 1, 1, (in, _) -> new Value.Real(real(in.at(0))));
    library.filter("bool", 1, 1, (in, _) -> Value.of(in.at(0).isTrue()));
    library.filter("round", 1, 2, (in, _) -> round(in));
    library.filter("sum", 1, 1, (in, run) -> sum(in.at(0), run));
  }

  private static Value abs(Value value) {
    return switch (value) {
      case Value.Int(var number) -> new Value.Int(number.abs());
      case Value.Real(var number) -> new Value.Real(Math.abs(number));
      default -> throw new Failure("cannot get absolute value");
    };
  }

  private static Value whole(Value value) {
    return switch (value) {
      case Nothing _ -> Value.of(0);
      case Value.Bool flag -> Value.of(flag.isTrue() ? 1 : 0);
      case Value.Int _ -> value;
      case Value.Real(var number) -> Convert.truncated(number);
      case Value.Str(var text, _) -> {
        if (WHOLE.matcher(text).matches()) {
          var number = new BigInteger(text);
          yield Convert.fits(number)
              ? new Value.Int(number)
              : Convert.truncated(number.doubleValue());
        }
        yield Convert.truncated(parse(text));
      }
      default -> throw new Failure("cannot convert " + value.kind() + " to integer");
    };
  }

  private static double real(Value value) {
    return switch (value) {
      case Nothing _ -> 0;
      case Value.Str(var text, _) -> parse(text);
      default -> Convert.real(value);
    };
  }

  private static double parse(String text) {
    if (FRACTION.matcher(text).matches()) {
      return Double.parseDouble(text);
    }
    if (NOT_A_NUMBER.matcher(text).matches()) {
      return Double.NaN;
    }
    if (INFINITE.matcher(text).matches()) {
      return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    throw new Failure("a string is no number");
  }

  /// Half away from zero.
  private static Value round(Arguments in) {
    return switch (in.at(0)) {
      case Value.Int number -> number;
      case Value.Real(var number) when !Double.isFinite(number) -> in.at(0);
      case Value.Real(var number) -> {
        double scale = Math.pow(10, in.has(1) ? (double) Convert.requireLong(in.at(1)) : 0);
        double scaled = scale * number;
        yield new Value.Real(Double.isFinite(scaled) ? nearest(scaled) / scale : scaled / scale);
      }
      default -> throw new Failure("cannot round value (" + in.at(0).kind() + ")");
    };
  }

  private static double nearest(double number) {
    double size = Math.abs(number);
    double below = Math.floor(size);
    return Math.copySign(size - below >= 0.5 ? below + 1 : below, number);
  }

  private static Value sum(Value values, Run run) {
    Value sum = Value.of(0);
    for (var value : Lookup.iterate(values, run.budget())) {
      if (value.isUndefined()) {
        continue;
      }
      if (value.kind() != Value.Kind.NUMBER) {
        throw new Failure("can only sum numbers, got " + value.kind());
      }
      sum = Arithmetic.add(sum, value, run.budget());
    }
    return sum;
  }
}
