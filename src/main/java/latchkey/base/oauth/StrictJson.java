package latchkey.base.oauth;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// Reads the JSON objects strangers send: no member twice, nothing behind the object, no depth that
/// would exhaust anybody.
public final class StrictJson {
  private static final int DEEPEST = 32;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              new JsonFactoryBuilder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private StrictJson() {}

  /// The object a text is; empty if it is anything else.
  public static Optional<ObjectNode> object(String text) {
    return value(text)
        .flatMap(
            value -> value instanceof ObjectNode object ? Optional.of(object) : Optional.empty());
  }

  /// What a text says; empty if it is no JSON.
  public static Optional<JsonNode> value(String text) {
    try {
      return Optional.of(JSON.readTree(text)).filter(value -> !value.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
