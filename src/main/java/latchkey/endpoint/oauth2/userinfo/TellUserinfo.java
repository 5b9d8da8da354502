package latchkey.endpoint.oauth2.userinfo;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.crypto.SigningKeys;
import latchkey.base.database.DatabaseState;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.oauth.Scope;
import latchkey.base.oauth.StandardClaim;
import latchkey.base.system.Ids;
import latchkey.base.web.HttpConfig;
import latchkey.domain.session.Activity;
import latchkey.domain.session.SessionKind;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.token.CheckToken;
import latchkey.domain.token.TokenKind;
import latchkey.domain.user.UserClaims;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;

/// The claims of a user (OpenID Connect Core §5.3.2): who they are, and what the scope or the
/// parameter `claims` asked for.
@Singleton
class TellUserinfo {
  private static final String REALM = "Bearer realm=\"Latchkey\"";

  /// As JSON, or as a JWT for a client that registered an algorithm.
  sealed interface Answer {
    record Plain(String json) implements Answer {}

    record Signed(String jwt) implements Answer {}
  }

  private final CheckToken checkToken;
  private final UserClaims userClaims;
  private final SigningKeys keys;
  private final HttpConfig http;
  private final Activity activity;
  private final Clock clock;

  TellUserinfo(
      CheckToken checkToken,
      UserClaims userClaims,
      SigningKeys keys,
      HttpConfig http,
      Activity activity,
      Clock clock) {
    this.checkToken = checkToken;
    this.userClaims = userClaims;
    this.keys = keys;
    this.http = http;
    this.activity = activity;
    this.clock = clock;
  }

  /// @param ipAddress who asks
  Answer handle(Optional<Secret> token, @Nullable String ipAddress) {
    if (token.isEmpty()) {
      throw OAuthProblem.of(OAuthError.INVALID_TOKEN, "An access token is needed.")
          .withChallenge(REALM);
    }
    return switch (checkToken.handle(token.get())) {
      case CheckToken.Outcome.Active(var known, var session)
          when known.kind() == TokenKind.OAUTH_ACCESS -> {
        activity.used(SessionKind.OAUTH, session.id(), clock.instant(), ipAddress, null);
        yield answer(session);
      }
      case CheckToken.Outcome.Active _, CheckToken.Outcome.Inactive _ -> throw invalidToken();
      case CheckToken.Outcome.Unknown(var reason) ->
          throw OAuthProblem.temporarilyUnavailable(DatabaseState.RETRY_AFTER, reason);
    };
  }

  // RFC 6750 §3.1
  static OAuthProblem malformed(OAuthProblem problem) {
    return problem.withChallenge(REALM + ", error=\"invalid_request\"");
  }

  static OAuthProblem malformed(String description) {
    return malformed(OAuthProblem.of(OAuthError.INVALID_REQUEST, description));
  }

  private Answer answer(SessionSnapshot session) {
    if (!session.scope().contains(Scope.OPENID)) {
      throw OAuthProblem.of(OAuthError.INSUFFICIENT_SCOPE, "The scope openid is needed.")
          .withChallenge(REALM + ", error=\"insufficient_scope\", scope=\"openid\"");
    }
    var user = session.user();
    if (user == null) {
      throw invalidToken();
    }
    var algorithm = session.userinfo().algorithm();
    var claims = claims(session, user);
    return algorithm == null
        ? new Answer.Plain(new JsonObject(claims).encode())
        : signed(algorithm, session, claims);
  }

  private Map<String, Object> claims(SessionSnapshot session, UserView user) {
    var wanted = EnumSet.noneOf(StandardClaim.class);
    wanted.addAll(StandardClaim.of(session.scope()));
    wanted.addAll(session.userinfo().claims());
    var claims = new LinkedHashMap<String, Object>();
    claims.put("sub", Ids.text(user.id()));
    // Not of the standard, but what clients of a homeserver look for.
    claims.put("username", user.username());
    claims.putAll(userClaims.of(user.id(), user.username(), wanted));
    return claims;
  }

  private Answer signed(String algorithm, SessionSnapshot session, Map<String, Object> claims) {
    if (keys.choose(algorithm).isEmpty()) {
      throw OAuthProblem.temporarilyUnavailable(
          DatabaseState.RETRY_AFTER, "no key in secrets.keys can sign with " + algorithm);
    }
    var addressed = new LinkedHashMap<String, Object>();
    addressed.put("iss", http.issuer());
    addressed.put("aud", Ids.text(session.requireClient()));
    addressed.putAll(claims);
    return new Answer.Signed(keys.sign(algorithm, addressed));
  }

  private static OAuthProblem invalidToken() {
    return OAuthProblem.of(OAuthError.INVALID_TOKEN, "The access token is not valid.")
        .withChallenge(REALM + ", error=\"invalid_token\"");
  }
}
