package latchkey.endpoint.matrix;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import latchkey.base.crypto.Secret;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.MatrixProblem;
import latchkey.base.web.Requester;
import latchkey.domain.policy.Policies;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.token.Permission;
import latchkey.domain.token.Presenter;
import latchkey.domain.token.RotateRefreshToken;
import latchkey.domain.token.Rotation;
import latchkey.domain.token.TokenPair;

/// `/refresh`: what the engine decides, in the words of Matrix. Whatever may pass is 503.
@Singleton
class RefreshCompatTokens {
  private static final String REFRESH = "refresh_token";

  private final RotateRefreshToken rotateRefreshToken;
  private final Policies policies;

  RefreshCompatTokens(RotateRefreshToken rotateRefreshToken, Policies policies) {
    this.rotateRefreshToken = rotateRefreshToken;
    this.policies = policies;
  }

  TokenPair handle(Secret refreshToken, Requester requester) throws SQLException {
    var presenter = new Presenter(requester.ipAddress(), requester.userAgent());
    return switch (rotateRefreshToken.handleCompat(
        refreshToken, presenter, session -> permission(session, requester))) {
      case Rotation.Granted(var tokens, _) -> tokens;
      case Rotation.Refused(var reason) -> throw unknownToken("Invalid refresh token", reason);
      case Rotation.Denied(var reason) ->
          throw unknownToken("The rules of this server no longer allow this session", reason);
      case Rotation.TryAgain(var after, var reason) ->
          throw DomainProblem.unavailable(after, "Please try again in a moment.", reason, null);
    };
  }

  private Permission permission(SessionSnapshot session, Requester requester) {
    var user = java.util.Objects.requireNonNull(session.user());
    // The session is its own predecessor on the device: no limit on new ones is about it.
    var violations =
        policies.compatLogin(
            user,
            new Policies.CompatLogin(REFRESH, null, true, null),
            new Policies.Requester(requester.ipAddress(), requester.userAgent()));
    return Permission.by(violations);
  }

  private static MatrixProblem unknownToken(String description, String detail) {
    return new MatrixProblem(401, "M_UNKNOWN_TOKEN", description, detail);
  }
}
