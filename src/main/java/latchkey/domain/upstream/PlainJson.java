package latchkey.domain.upstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.oauth.StrictJson;
import org.jspecify.annotations.Nullable;

/// Claims as JSON, and back: whole numbers stay whole, whatever their size.
final class PlainJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, @Nullable Object>> MAP = new TypeReference<>() {};

  private PlainJson() {}

  /// Empty if it is no object, or not to be understood in one way only.
  static Optional<Map<String, @Nullable Object>> read(String text) {
    return StrictJson.object(text).map(object -> JSON.convertValue(object, MAP));
  }

  /// What the database takes of them: NUL characters are left out.
  static String write(Map<String, ? extends @Nullable Object> claims) {
    try {
      return JSON.writeValueAsString(withoutNul(claims));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("claims were JSON before", e);
    }
  }

  private static @Nullable Object withoutNul(@Nullable Object value) {
    return switch (value) {
      case String text -> text.replace("\0", "");
      case List<?> list -> {
        var items = new ArrayList<@Nullable Object>();
        list.forEach(item -> items.add(withoutNul(item)));
        yield items;
      }
      case Map<?, ?> map -> {
        var members = new LinkedHashMap<String, @Nullable Object>();
        map.forEach(
            (name, member) ->
                members.put(String.valueOf(name).replace("\0", ""), withoutNul(member)));
        yield members;
      }
      case null -> null;
      default -> value;
    };
  }
}
