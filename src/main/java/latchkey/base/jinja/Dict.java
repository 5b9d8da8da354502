package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A map, in the order of its keys.
final class Dict implements Value {
  private final SortedMap<Value, Value> entries;
  private final Measure measure = new Measure();

  Dict(Map<Value, Value> entries) {
    var sorted = new TreeMap<Value, Value>(Order.OF_VALUES);
    sorted.putAll(entries);
    this.entries = Collections.unmodifiableSortedMap(sorted);
    sorted.forEach(
        (key, value) -> {
          measure.add(key);
          measure.add(value);
        });
  }

  /// Of texts, in whatever order.
  static Dict named(Map<String, Value> entries) {
    var sorted = new TreeMap<Value, Value>(Order.OF_VALUES);
    entries.forEach((key, value) -> sorted.put(new Str(key), value));
    return new Dict(sorted);
  }

  Map<Value, Value> entries() {
    return entries;
  }

  @Nullable Value get(Value key) {
    return entries.get(key);
  }

  /// Each key with its value.
  List<Value> pairs() {
    var pairs = new ArrayList<Value>();
    entries.forEach((key, value) -> pairs.add(Seq.list(key, value)));
    return pairs;
  }

  @Override
  public Kind kind() {
    return Kind.MAP;
  }

  @Override
  public int weight() {
    return measure.weight();
  }

  @Override
  public int depth() {
    return measure.depth();
  }

  @Override
  public boolean isTrue() {
    return !entries.isEmpty();
  }
}
