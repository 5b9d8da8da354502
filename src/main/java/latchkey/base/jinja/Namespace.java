package latchkey.base.jinja;

import java.util.Map;
import java.util.TreeMap;

/// `namespace()`: variables that a loop can set for what comes after it.
final class Namespace extends Thing {
  private final Map<String, Value> attributes = new TreeMap<>();

  /// @throws Failure for another thing: it could come to contain itself
  void set(String name, Value value) {
    if (value instanceof Thing) {
      throw new Failure("a namespace holds plain values only");
    }
    attributes.put(name, value);
  }

  @Override
  Map<String, Value> attributes() {
    return attributes;
  }

  @Override
  public Kind kind() {
    return Kind.MAP;
  }

  @Override
  public boolean isTrue() {
    return !attributes.isEmpty();
  }

  @Override
  String words() {
    return "namespace";
  }
}
