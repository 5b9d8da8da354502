package latchkey.endpoint.consent;

import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import latchkey.base.crypto.Secret;
import latchkey.base.oauth.AuthorizationResponse;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.HttpConfig;
import latchkey.domain.grant.PendingGrant;

/// Words what the client of a grant is told.
@Singleton
class ClientAnswers {
  private final HttpConfig http;

  ClientAnswers(HttpConfig http) {
    this.http = http;
  }

  AuthorizationResponse code(PendingGrant grant, Secret code) {
    return answer(grant, Map.of("code", code.reveal()));
  }

  AuthorizationResponse refused(PendingGrant grant) {
    return answer(grant, Map.of("error", OAuthError.ACCESS_DENIED.code()));
  }

  AuthorizationResponse error(PendingGrant grant, OAuthError error, String description) {
    var answer = new LinkedHashMap<String, String>();
    answer.put("error", error.code());
    answer.put("error_description", description);
    return answer(grant, answer);
  }

  private AuthorizationResponse answer(PendingGrant grant, Map<String, String> answer) {
    return AuthorizationResponse.of(
        grant.redirectUri(), grant.responseMode(), grant.state(), http.issuer(), answer);
  }
}
