package latchkey.base.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Variables that were set in a part of a template, and where to look for the others.
final class Scope {
  private final @Nullable Scope outer;
  private final Map<String, Value> values = new HashMap<>();

  Scope(@Nullable Scope outer) {
    this.outer = outer;
  }

  void set(String name, Value value) {
    values.put(name, value);
  }

  /// Null if it was set nowhere.
  @Nullable Value find(String name) {
    var scope = this;
    while (scope != null) {
      var value = scope.values.get(name);
      if (value != null) {
        return value;
      }
      scope = scope.outer;
    }
    return null;
  }
}
