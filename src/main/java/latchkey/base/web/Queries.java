package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;

/// Reads the query of a request.
public final class Queries {
  private Queries() {}

  /// The query; refuses one that cannot be read or repeats a parameter.
  public static Parameters strict(HttpServerRequest request) {
    var query = readable(request);
    if (!query.repeated().isEmpty()) {
      throw OAuthProblem.of(OAuthError.INVALID_REQUEST, "A parameter is there more than once.");
    }
    return query;
  }

  /// The query; refuses one that cannot be read, and leaves repeats to the caller.
  public static Parameters readable(HttpServerRequest request) {
    var raw = request.query();
    try {
      return raw == null
          ? Parameters.none()
          : Parameters.parse(raw.getBytes(StandardCharsets.UTF_8));
    } catch (Parameters.Malformed e) {
      throw OAuthProblem.of(
          OAuthError.INVALID_REQUEST, "The address cannot be read: " + e.reason() + ".");
    }
  }
}
