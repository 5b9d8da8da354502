package latchkey.endpoint.matrix;

import io.vertx.core.json.JsonObject;
import latchkey.base.crypto.Secret;
import latchkey.domain.token.TokenPair;

/// What a client gets for its login (`matrix-compat.md` 6.3).
record LoginAnswer(Tokens tokens, String deviceId, String userId) {
  sealed interface Tokens {
    /// One for as long as the session lives.
    record ForLife(Secret access) implements Tokens {}

    record Refreshing(TokenPair pair) implements Tokens {}
  }

  String json() {
    var json =
        switch (tokens) {
          case Tokens.ForLife(var access) -> new JsonObject().put("access_token", access.reveal());
          case Tokens.Refreshing(var pair) -> json(pair);
        };
    return json.put("device_id", deviceId).put("user_id", userId).encode();
  }

  /// The part that a refresh answers too.
  static JsonObject json(TokenPair pair) {
    return new JsonObject()
        .put("access_token", pair.access().reveal())
        .put("refresh_token", pair.refresh().reveal())
        .put("expires_in_ms", Math.max(1, pair.accessLife().toMillis()));
  }
}
