package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What can be called without a value (`configuration.md` 13.4).
final class Functions {
  private static final int LONGEST_RANGE = 100_000;

  private Functions() {}

  static void addTo(Library library) {
    library.function("range", 1, 3, (in, _) -> range(in));
    library.functionOfNames("dict", 0, 1, (in, _) -> dict(in));
    library.functionOfNames("namespace", 0, 1, (in, _) -> namespace(in));
    library.function(
        "debug",
        1,
        -1,
        (in, run) ->
            WritingFilters.pretty(in.size() == 1 ? in.at(0) : Seq.list(in.positional()), run));
    library.function(
        "cycler", 1, 1, (in, run) -> new Cycler(Lookup.iterate(in.at(0), run.budget())));
    library.function("joiner", 0, 1, (in, _) -> new Joiner(in.has(0) ? in.at(0) : Value.of(", ")));
  }

  private static Value range(Arguments in) {
    long first = Convert.requireLong(in.at(0));
    long start = in.has(1) ? first : 0;
    long end = in.has(1) ? Convert.requireLong(in.at(1)) : first;
    long step = in.has(2) ? Convert.requireLong(in.at(2)) : 1;
    if (step == 0) {
      throw new Failure("cannot create range with step of 0");
    }
    var numbers = new ArrayList<Value>();
    for (long i = start; step > 0 ? i < end : i > end; i += step) {
      if (numbers.size() >= LONGEST_RANGE) {
        throw new Failure("range has too many elements");
      }
      numbers.add(Value.of(i));
      boolean overflows = step > 0 ? i > Long.MAX_VALUE - step : i < Long.MIN_VALUE - step;
      if (overflows) {
        break;
      }
    }
    return Seq.iterable(numbers);
  }

  private static Value dict(Arguments in) {
    var entries = new TreeMap<Value, Value>(Order.OF_VALUES);
    if (!in.at(0).isUndefined()) {
      entries.putAll(Lookup.entries(in.at(0)));
    }
    in.named().forEach((name, value) -> entries.put(Value.of(name), value));
    return new Dict(entries);
  }

  private static Value namespace(Arguments in) {
    var namespace = new Namespace();
    if (in.has(0)) {
      Lookup.entries(in.at(0))
          .forEach(
              (name, value) -> {
                var text = name.asText();
                if (text != null) {
                  namespace.set(text, value);
                }
              });
    }
    in.named().forEach(namespace::set);
    return namespace;
  }

  /// One value after the other, from the front again after the last.
  private static final class Cycler extends Thing {
    private final List<Value> items;
    private int at;

    Cycler(List<Value> items) {
      if (items.isEmpty()) {
        throw new Failure("at least one value required");
      }
      this.items = items;
    }

    @Override
    Value callMethod(Run run, String method, Arguments arguments) {
      if (!method.equals("next") || arguments.size() > 0) {
        throw unknownMethod(this, method);
      }
      var item = items.get(at);
      at = (at + 1) % items.size();
      return item;
    }

    @Override
    public Kind kind() {
      return Kind.PLAIN;
    }

    @Override
    String words() {
      return "<cycler>";
    }
  }

  /// Nothing the first time, then what stands between.
  private static final class Joiner extends Thing {
    private final Value separator;
    private boolean used;

    Joiner(Value separator) {
      this.separator = separator;
    }

    @Override
    Value call(Run run, Arguments arguments) {
      var value = used ? separator : Value.of("");
      used = true;
      return value;
    }

    @Override
    public Kind kind() {
      return Kind.PLAIN;
    }

    @Override
    String words() {
      return "<joiner>";
    }
  }
}
