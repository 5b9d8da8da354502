package latchkey.endpoint.oauth2.userinfo;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseState;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.oauth.Scope;
import latchkey.base.system.Ids;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.token.CheckToken;
import latchkey.domain.token.TokenKind;

/// The claims of a user (OpenID Connect Core §5.3.2).
@Singleton
class TellUserinfo {
  private static final String REALM = "Bearer realm=\"Latchkey\"";

  private final CheckToken checkToken;

  TellUserinfo(CheckToken checkToken) {
    this.checkToken = checkToken;
  }

  /// The claims' JSON.
  String handle(Optional<Secret> token) {
    if (token.isEmpty()) {
      throw OAuthProblem.of(OAuthError.INVALID_TOKEN, "An access token is needed.")
          .withChallenge(REALM);
    }
    return switch (checkToken.handle(token.get())) {
      case CheckToken.Outcome.Active(var known, var session)
          when known.kind() == TokenKind.OAUTH_ACCESS ->
          claims(session);
      case CheckToken.Outcome.Active _, CheckToken.Outcome.Inactive _ -> throw invalidToken();
      case CheckToken.Outcome.Unknown(var reason) ->
          throw OAuthProblem.temporarilyUnavailable(DatabaseState.RETRY_AFTER, reason);
    };
  }

  static OAuthProblem malformed(String description) {
    return OAuthProblem.of(OAuthError.INVALID_REQUEST, description)
        .withChallenge(REALM + ", error=\"invalid_request\"");
  }

  private static String claims(SessionSnapshot session) {
    if (!session.scope().contains(Scope.OPENID)) {
      throw OAuthProblem.of(OAuthError.INSUFFICIENT_SCOPE, "The scope openid is needed.")
          .withChallenge(REALM + ", error=\"insufficient_scope\", scope=\"openid\"");
    }
    var user = session.user();
    if (user == null) {
      throw invalidToken();
    }
    return new JsonObject()
        .put("sub", Ids.text(user.id()))
        .put("username", user.username())
        .encode();
  }

  private static OAuthProblem invalidToken() {
    return OAuthProblem.of(OAuthError.INVALID_TOKEN, "The access token is not valid.")
        .withChallenge(REALM + ", error=\"invalid_token\"");
  }
}
