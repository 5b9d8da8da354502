package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is in a value: attributes, items, slices, and whether something is.
final class Lookup {
  private static final int LONGEST_PATH = 256;
  private static final Pattern INDEX = Pattern.compile("\\d{1,9}");

  private Lookup() {}

  /// `value.name`. What is not there is undefined; only looking into undefined fails.
  static Value attribute(Value value, String name) {
    return switch (value) {
      case Nothing nothing when nothing.isUndefined() -> throw new Failure("undefined value");
      case Dict dict -> orUndefined(dict.get(Value.of(name)));
      case Seq seq -> seq.named(name);
      case Thing thing -> orUndefined(thing.attributes().get(name));
      case Value _ -> Nothing.UNDEFINED;
    };
  }

  private static Value orUndefined(@Nullable Value value) {
    return value == null ? Nothing.UNDEFINED : value;
  }

  /// `value[key]`.
  static Value item(Value value, Value key) {
    var name = key.asText();
    return switch (value) {
      case Nothing nothing when nothing.isUndefined() -> throw new Failure("undefined value");
      case Dict dict -> orUndefined(dict.get(key));
      case Thing thing -> name == null ? Nothing.UNDEFINED : attribute(thing, name);
      case Seq seq when name != null -> seq.named(name);
      case Seq seq -> {
        int index = index(key, seq.isSized() ? seq.items().size() : -1);
        yield index < 0 || index >= seq.items().size() ? Nothing.UNDEFINED : seq.items().get(index);
      }
      case Value.Str(var text, _) -> character(text, key);
      case Bytes bytes -> {
        int index = index(key, bytes.length());
        yield index < 0 || index >= bytes.length() ? Nothing.UNDEFINED : Value.of(bytes.at(index));
      }
      case Value _ -> Nothing.UNDEFINED;
    };
  }

  private static Value character(String text, Value key) {
    var characters = text.codePoints().toArray();
    int index = index(key, characters.length);
    return index < 0 || index >= characters.length
        ? Nothing.UNDEFINED
        : Value.of(Character.toString(characters[index]));
  }

  /// Negative ones count from the end, if there is one; -1 for what is no index.
  private static int index(Value key, int length) {
    var whole = Convert.whole(key);
    if (whole == null || whole.bitLength() > 31) {
      return -1;
    }
    int index = whole.intValue();
    return index >= 0 || length < 0 ? index : index + length;
  }

  /// `a.0.b`, as filters take it.
  static Value path(Value value, String path, Budget budget) {
    if (path.length() > LONGEST_PATH) {
      throw new Failure("a path is too long");
    }
    var found = value;
    for (var part : path.split("\\.", -1)) {
      budget.charge(1);
      found =
          INDEX.matcher(part).matches()
              ? item(found, Value.of(Long.parseLong(part)))
              : attribute(found, part);
    }
    return found;
  }

  static Value path(Value value, String path, Value otherwise, Budget budget) {
    try {
      var found = path(value, path, budget);
      return found.isUndefined() ? otherwise : found;
    } catch (Failure e) {
      return otherwise;
    }
  }

  /// Everything one can walk through; nothing has nothing in it.
  ///
  /// @throws Failure if the value is no such thing
  static List<Value> iterate(Value value, Budget budget) {
    if (value instanceof Value.Str(var text, _)) {
      // Each of its characters becomes a value.
      budget.charge(text.length());
    }
    return iterate(value);
  }

  private static List<Value> iterate(Value value) {
    return switch (value) {
      case Nothing _ -> List.of();
      case Value.Str(var text, _) -> characters(text);
      case Seq seq -> seq.items();
      case Dict dict -> List.copyOf(dict.entries().keySet());
      case Thing thing when thing.kind() == Value.Kind.MAP -> names(thing);
      case Value _ -> throw new Failure(value.kind() + " is not iterable");
    };
  }

  static boolean isIterable(Value value) {
    return switch (value) {
      case Nothing _, Value.Str _, Seq _, Dict _ -> true;
      case Thing thing -> thing.kind() == Value.Kind.MAP;
      case Value _ -> false;
    };
  }

  private static List<Value> names(Thing thing) {
    return thing.attributes().keySet().stream().sorted().map(Value::of).toList();
  }

  static List<Value> characters(String text) {
    var characters = new ArrayList<Value>();
    text.codePoints().forEach(c -> characters.add(Value.of(Character.toString(c))));
    return characters;
  }

  /// What a map consists of.
  static Map<Value, Value> entries(Value map) {
    return switch (map) {
      case Dict dict -> dict.entries();
      case Thing thing when thing.kind() == Value.Kind.MAP -> {
        var entries = new TreeMap<Value, Value>(Order.OF_VALUES);
        thing.attributes().forEach((name, value) -> entries.put(Value.of(name), value));
        yield entries;
      }
      case Value _ -> throw new Failure("value of type " + map.kind() + " is not a map");
    };
  }

  /// -1 of what has no length.
  static int length(Value value) {
    return switch (value) {
      case Value.Str(var text, _) -> text.codePointCount(0, text.length());
      case Bytes bytes -> bytes.length();
      case Seq seq -> seq.isSized() ? seq.items().size() : -1;
      case Dict dict -> dict.entries().size();
      case Thing thing -> thing.kind() == Value.Kind.MAP ? thing.attributes().size() : -1;
      case Value _ -> -1;
    };
  }

  /// `value in container`.
  static boolean contains(Value container, Value value, Budget budget) {
    budget.charge((long) container.weight() + value.weight());
    if (container.isUndefined()) {
      return false;
    }
    var text = container.asText();
    if (text != null) {
      var part = Display.of(value, budget);
      budget.chargeSearch(text.length(), part.length());
      return text.contains(part);
    }
    return switch (container) {
      case Seq seq -> {
        budget.charge((long) seq.items().size() * value.weight());
        yield seq.items().stream().anyMatch(item -> Order.equal(item, value));
      }
      case Dict dict -> dict.get(value) != null;
      case Thing _ when container.kind() == Value.Kind.MAP ->
          Lookup.entries(container).containsKey(value);
      case Thing _ -> false;
      case Value _ ->
          throw new Failure("cannot look for anything in a value of type " + container.kind());
    };
  }

  /// `value[start:stop:step]`, none for what is left out.
  static Value slice(Value value, Value start, Value stop, Value step) {
    long by = step == Nothing.NONE ? 1 : Convert.requireLong(step);
    if (by == 0) {
      throw new Failure("cannot slice by step size of 0");
    }
    var bounds = new Bounds(bound(start), bound(stop), by);
    return switch (value) {
      case Nothing _ -> Seq.list();
      case Value.Str(var text, _) -> {
        var all = text.codePoints().toArray();
        var part = new StringBuilder();
        bounds.indices(all.length, all.length).forEach(i -> part.appendCodePoint(all[i]));
        yield Value.of(part.toString());
      }
      case Bytes bytes -> {
        var indices = bounds.indices(bytes.length(), bytes.length());
        var part = new byte[indices.size()];
        for (int i = 0; i < part.length; i++) {
          part[i] = (byte) bytes.at(indices.get(i));
        }
        yield new Bytes(part);
      }
      case Seq seq -> slice(seq, bounds);
      case Value _ -> throw new Failure("value of type " + value.kind() + " cannot be sliced");
    };
  }

  /// What has no known length ends at 0 for bounds that count from its end.
  private static Seq slice(Seq seq, Bounds bounds) {
    var items = seq.items();
    int known = seq.isSized() || bounds.step < 0 ? items.size() : 0;
    var part = bounds.indices(items.size(), known).stream().map(items::get).toList();
    boolean isSized = seq.isSized() || bounds.step < 0 || bounds.isEmpty(known);
    return isSized ? Seq.iterable(part) : Seq.unsized(part);
  }

  private static @Nullable Long bound(Value value) {
    return value == Nothing.NONE ? null : Convert.requireLong(value);
  }

  /// @param start null for the first
  /// @param stop null for the last
  private record Bounds(@Nullable Long start, @Nullable Long stop, long step) {
    /// @param known the length that negative bounds count from; 0 for what has none
    List<Integer> indices(int length, int known) {
      return step > 0 ? forwards(length, known) : backwards(length);
    }

    boolean isEmpty(int known) {
      return end(known) <= first(known);
    }

    private long first(int known) {
      return start == null ? 0 : fromEnd(start, known);
    }

    private long end(int known) {
      return stop == null ? known : fromEnd(stop, known);
    }

    private List<Integer> forwards(int length, int known) {
      long first = first(known);
      long end = end(known);
      var indices = new ArrayList<Integer>();
      for (long i = first; i < Math.min(end, length); i += Math.min(step, length + 1L)) {
        indices.add((int) i);
      }
      return indices;
    }

    private List<Integer> backwards(int length) {
      if (length == 0) {
        return new ArrayList<>();
      }
      long first = start == null || start >= length ? length - 1L : fromEnd(start, length);
      long end = stop == null ? 0 : fromEnd(stop, length);
      long size = Math.min(-Math.max(step, -length - 1L), length + 1L);
      long count = end == 0 ? (first + size) / size : (first - end + size - 1) / size;
      var indices = new ArrayList<Integer>();
      for (long i = first; i >= end && count > 0; i -= size) {
        indices.add((int) i);
        count--;
      }
      return indices;
    }

    private static long fromEnd(long bound, int length) {
      return bound < 0 ? Math.max(0, length + bound) : bound;
    }
  }
}
