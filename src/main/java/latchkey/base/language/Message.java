package latchkey.base.language;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something to tell a person, before it is known in which language: the key of a text, and what
/// stands at its placeholders.
///
/// @param count what the plural depends on, for a text that has one
public record Message(String key, Map<String, String> values, @Nullable Long count) {
  /// The placeholder that shows the count.
  static final String COUNT = "count";

  public Message {
    values = Map.copyOf(values);
  }

  public static Message of(String key) {
    return new Message(key, Map.of(), null);
  }

  public Message with(String name, String value) {
    var more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Message(key, more, count);
  }

  public Message counting(long number) {
    return new Message(key, with(COUNT, Long.toString(number)).values, number);
  }
}
