package latchkey.endpoint.oauth2.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.oauth.StrictJson;

/// The JSON of a registration request (RFC 7591 §3.1): its members by type, each fault in the RFC's
/// words.
final class MetadataDocument {
  private static final int LONGEST_TEXT = 2048;
  private static final int LONGEST_LIST = 64;

  private final ObjectNode root;

  private MetadataDocument(ObjectNode root) {
    this.root = root;
  }

  static MetadataDocument parse(byte[] body) {
    return text(body)
        .flatMap(StrictJson::object)
        .map(MetadataDocument::new)
        .orElseThrow(
            () -> OAuthProblem.of(OAuthError.INVALID_REQUEST, "The body must be a JSON object."));
  }

  private static Optional<String> text(byte[] body) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  Optional<String> text(String member) {
    return node(member).map(node -> text(member, node));
  }

  Optional<List<String>> list(String member) {
    return node(member).map(node -> list(member, node));
  }

  boolean has(String member) {
    return node(member).isPresent();
  }

  private Optional<JsonNode> node(String member) {
    var node = root.get(member);
    return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  private static List<String> list(String member, JsonNode node) {
    if (!node.isArray() || node.size() > LONGEST_LIST) {
      throw invalid(member + " must be an array of at most " + LONGEST_LIST + " texts.");
    }
    var texts = new ArrayList<String>();
    node.forEach(item -> texts.add(text(member, item)));
    return texts;
  }

  private static String text(String member, JsonNode node) {
    if (!node.isTextual() || node.textValue().length() > LONGEST_TEXT) {
      throw invalid(member + " must be a text of at most " + LONGEST_TEXT + " characters.");
    }
    if (node.textValue().indexOf('\0') >= 0) {
      throw invalid(member + " holds a NUL character.");
    }
    return node.textValue();
  }

  static OAuthProblem invalid(String description) {
    return OAuthProblem.of(OAuthError.INVALID_CLIENT_METADATA, description);
  }

  /// The members named, as rules see them.
  Map<String, Object> only(List<String> texts, List<String> lists) {
    var map = new LinkedHashMap<String, Object>();
    texts.forEach(member -> text(member).ifPresent(value -> map.put(member, value)));
    lists.forEach(member -> list(member).ifPresent(value -> map.put(member, value)));
    return map;
  }
}
