package latchkey.base.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a filter, test, function or method is called with; of a filter, test or method the value it
/// is applied to comes first.
record Arguments(List<Value> positional, Map<String, Value> named) {
  Arguments {
    positional = List.copyOf(positional);
  }

  Arguments behind(Value first) {
    var all = new ArrayList<Value>();
    all.add(first);
    all.addAll(positional);
    return new Arguments(all, named);
  }

  Arguments from(int index) {
    return new Arguments(
        positional.subList(Math.min(index, positional.size()), positional.size()), named);
  }

  int size() {
    return positional.size();
  }

  /// Undefined if it was not passed.
  Value at(int index) {
    return index < positional.size() ? positional.get(index) : Nothing.UNDEFINED;
  }

  Value named(String name) {
    return named.getOrDefault(name, Nothing.UNDEFINED);
  }

  /// By place, or else by name.
  Value at(int index, String name) {
    var value = at(index);
    return value.isNothing() ? named(name) : value;
  }

  boolean has(int index) {
    return !at(index).isNothing();
  }

  boolean has(String name) {
    return !named(name).isNothing();
  }

  boolean flag(String name) {
    return has(name) && Convert.flag(named(name));
  }

  /// What a value prints as.
  String text(int index, Run run) {
    return Display.of(at(index), run.budget());
  }

  /// What has to be a text.
  String string(int index) {
    return Convert.string(at(index));
  }

  long weight() {
    long weight = 0;
    for (var value : positional) {
      weight += value.weight();
    }
    for (var value : named.values()) {
      weight += value.weight();
    }
    return weight;
  }
}
