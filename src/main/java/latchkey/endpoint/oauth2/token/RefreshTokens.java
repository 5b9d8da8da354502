package latchkey.endpoint.oauth2.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.Requester;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.GrantType;
import latchkey.domain.policy.Policies;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.token.Permission;
import latchkey.domain.token.Presenter;
import latchkey.domain.token.RotateRefreshToken;
import latchkey.domain.token.Rotation;
import latchkey.domain.upstream.UpstreamScopesRepository;

/// The refresh grant (RFC 6749 §6): what the engine decides, in OAuth's words.
@Singleton
class RefreshTokens {
  private final RotateRefreshToken rotateRefreshToken;
  private final Policies policies;
  private final UpstreamScopesRepository upstreamScopes;

  RefreshTokens(
      RotateRefreshToken rotateRefreshToken,
      Policies policies,
      UpstreamScopesRepository upstreamScopes) {
    this.rotateRefreshToken = rotateRefreshToken;
    this.policies = policies;
    this.upstreamScopes = upstreamScopes;
  }

  TokenResponse handle(TokenRequest.Refresh request, ClientView client, Requester requester)
      throws SQLException {
    if (!client.holds(GrantType.REFRESH_TOKEN)) {
      throw OAuthProblem.of(
          OAuthError.UNAUTHORIZED_CLIENT, "The client may not use refresh tokens.");
    }
    var presenter = new Presenter(requester.ipAddress(), requester.userAgent());
    var outcome =
        rotateRefreshToken.handle(
            request.refreshToken(),
            client.id(),
            presenter,
            session -> permission(session, client, requester));
    return switch (outcome) {
      case Rotation.Granted(var tokens, var scope) ->
          new TokenResponse(tokens, scope, Optional.empty());
      case Rotation.Refused(var reason) ->
          throw OAuthProblem.of(
              OAuthError.INVALID_GRANT, "The refresh token is not valid.", reason);
      case Rotation.Denied(var reason) ->
          throw OAuthProblem.of(
              OAuthError.INVALID_GRANT,
              "The rules of this server no longer allow what this session was granted.",
              reason);
      case Rotation.TryAgain(var after, var reason) ->
          throw OAuthProblem.temporarilyUnavailable(after, reason);
    };
  }

  private Permission permission(SessionSnapshot session, ClientView client, Requester requester) {
    var user = session.user();
    if (user == null) {
      return new Permission.Granted();
    }
    var violations =
        policies.authorizationGrant(
            user,
            client,
            session.scope(),
            upstreamScopes.of(user.id(), session.scope()),
            GrantType.REFRESH_TOKEN,
            null,
            new Policies.Requester(requester.ipAddress(), requester.userAgent()));
    return Permission.by(violations);
  }
}
