package latchkey.domain.upstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
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

  static String write(Map<String, ? extends @Nullable Object> claims) {
    try {
      return JSON.writeValueAsString(claims);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("claims were JSON before", e);
    }
  }
}
