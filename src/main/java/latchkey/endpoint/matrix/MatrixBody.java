package latchkey.endpoint.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import latchkey.base.error.MatrixProblem;
import latchkey.base.oauth.StrictJson;
import latchkey.base.web.Bodies;
import org.jspecify.annotations.Nullable;

/// The JSON object a client sent, and typed look-ups in it (`matrix-compat.md` 2, 3). A member of
/// another type is a fault, and so is `null` where a value is needed.
record MatrixBody(ObjectNode json) {
  private static final String NOT_JSON = "M_NOT_JSON";

  /// A body that may come without a media type.
  static MatrixBody read(@Nullable String contentType, InputStream body) {
    if (contentType != null) {
      requireJson(contentType);
    }
    return parse(Bodies.read(body));
  }

  /// A body that must say it is JSON.
  static MatrixBody readDeclared(@Nullable String contentType, InputStream body) {
    requireJson(contentType == null ? "" : contentType);
    return parse(Bodies.read(body));
  }

  /// A body that need not be there at all.
  static MatrixBody readOptional(@Nullable String contentType, InputStream body) {
    if (contentType != null) {
      return read(contentType, body);
    }
    var bytes = Bodies.read(body);
    return bytes.length == 0
        ? new MatrixBody(
            new ObjectNode(com.fasterxml.jackson.databind.node.JsonNodeFactory.instance))
        : parse(bytes);
  }

  private static void requireJson(String contentType) {
    int semicolon = contentType.indexOf(';');
    var type =
        (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
            .strip()
            .toLowerCase(Locale.ROOT);
    if (!type.equals("application/json") && !type.matches("application/[^/]+\\+json")) {
      throw new MatrixProblem(
          400, NOT_JSON, "Invalid Content-Type header: expected application/json");
    }
  }

  private static MatrixBody parse(byte[] bytes) {
    var value =
        text(bytes)
            .flatMap(StrictJson::value)
            .orElseThrow(
                () -> new MatrixProblem(400, NOT_JSON, "Body is not a valid JSON document"));
    if (value instanceof ObjectNode object) {
      return new MatrixBody(object);
    }
    throw wrongShape();
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      var utf8 = StandardCharsets.UTF_8.newDecoder();
      return Optional.of(utf8.decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  static MatrixProblem wrongShape() {
    return new MatrixProblem(400, "M_BAD_JSON", "JSON fields are not valid");
  }

  String requireString(String name) {
    return string(name).orElseThrow(MatrixBody::wrongShape);
  }

  Optional<String> string(String name) {
    return present(name).map(MatrixBody::asString);
  }

  Optional<MatrixBody> object(String name) {
    return present(name)
        .map(
            value -> {
              if (value instanceof ObjectNode object) {
                return new MatrixBody(object);
              }
              throw wrongShape();
            });
  }

  /// False if it is absent; `null` is not absent.
  boolean flag(String name) {
    var value = json.get(name);
    if (value == null) {
      return false;
    } else if (!value.isBoolean()) {
      throw wrongShape();
    }
    return value.booleanValue();
  }

  private Optional<JsonNode> present(String name) {
    return Optional.ofNullable(json.get(name)).filter(value -> !value.isNull());
  }

  /// No database stores a NUL or half a character.
  private static String asString(JsonNode value) {
    if (!value.isTextual()) {
      throw wrongShape();
    }
    var text = value.textValue();
    if (text.indexOf(0) >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw wrongShape();
    }
    return text;
  }

  /// It may hold a password.
  @Override
  public String toString() {
    return "MatrixBody";
  }
}
