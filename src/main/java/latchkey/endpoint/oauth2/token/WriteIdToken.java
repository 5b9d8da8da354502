package latchkey.endpoint.oauth2.token;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.crypto.SigningKeys;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.Scope;
import latchkey.domain.client.ClientView;
import latchkey.domain.grant.CodeGrant;
import latchkey.domain.token.IdTokenIssuer;
import latchkey.domain.user.UserClaims;

/// Writes the ID token that comes with the tokens of a code (OpenID Connect Core §3.1.3.3).
@Singleton
class WriteIdToken {
  /// An admin has to do something.
  private static final Duration COME_BACK = Duration.ofMinutes(1);

  private final IdTokenIssuer idTokens;
  private final UserClaims userClaims;
  private final SigningKeys keys;

  WriteIdToken(IdTokenIssuer idTokens, UserClaims userClaims, SigningKeys keys) {
    this.idTokens = idTokens;
    this.userClaims = userClaims;
    this.keys = keys;
  }

  /// The algorithm to sign with; empty if no ID token is wanted. Asked while the code is still
  /// good.
  Optional<String> requireAlgorithm(CodeGrant grant, ClientView client) {
    if (!grant.scope().contains(Scope.OPENID)) {
      return Optional.empty();
    }
    var wanted = client.metadata().idTokenAlgorithm();
    var algorithm = keys.choose(wanted);
    if (algorithm.isEmpty()) {
      throw OAuthProblem.temporarilyUnavailable(
          COME_BACK,
          wanted == null
              ? "no key in secrets.keys can sign ID tokens"
              : "no key in secrets.keys signs " + wanted + ", which the client asks for");
    }
    return algorithm;
  }

  Secret handle(CodeGrant grant, ClientView client, String algorithm, Secret accessToken) {
    var consenter = grant.consenter();
    return idTokens.issue(
        new IdTokenIssuer.Subject(
            consenter.user(),
            client.id(),
            consenter.browserSession(),
            consenter.proof().at(),
            consenter.proof().amr(),
            consenter.proof().acr(),
            grant.nonce(),
            accessToken,
            userClaims.of(consenter.user(), consenter.username(), grant.idTokenClaims()),
            algorithm));
  }
}
