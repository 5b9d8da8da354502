package latchkey.endpoint.oauth2.token;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.oauth.Scope;
import latchkey.domain.token.TokenPair;

/// A successful answer (RFC 6749 §5.1).
record TokenResponse(TokenPair tokens, Scope scope, Optional<Secret> idToken) {
  String json() {
    var json =
        new JsonObject()
            .put("access_token", tokens.access().reveal())
            .put("token_type", "Bearer")
            .put("expires_in", Math.max(1, tokens.accessLife().toSeconds()))
            .put("refresh_token", tokens.refresh().reveal());
    if (!scope.isEmpty()) {
      json.put("scope", scope.toString());
    }
    idToken.ifPresent(token -> json.put("id_token", token.reveal()));
    return json.encode();
  }
}
