package latchkey.base.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What templates are rendered with: variables by name. Made once for all templates of an occasion.
public final class Variables {
  private final Map<String, Value> values;
  private final @Nullable String problem;

  private Variables(Map<String, Value> values, @Nullable String problem) {
    this.values = values;
    this.problem = problem;
  }

  /// @param plain maps with texts as keys, collections, texts, numbers, booleans and null. More
  ///   than about 131,000 items or two million characters, or more than 100 levels, is not refused
  ///   here: then no template renders.
  /// @throws IllegalArgumentException if there is anything else in them
  public static Variables of(Map<String, ? extends @Nullable Object> plain) {
    try {
      var values = new HashMap<String, Value>();
      plain.forEach((name, value) -> values.put(name, Values.of(value)));
      return new Variables(values, null);
    } catch (Failure e) {
      return new Variables(Map.of(), e.reason());
    }
  }

  @Nullable Value find(String name) {
    return values.get(name);
  }

  /// Why there are none; null if there are.
  @Nullable String problem() {
    return problem;
  }
}
