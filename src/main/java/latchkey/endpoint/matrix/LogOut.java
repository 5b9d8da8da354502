package latchkey.endpoint.matrix;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseState;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.MatrixProblem;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.FinishReason;
import latchkey.domain.session.SessionSnapshot;
import latchkey.domain.token.CheckToken;
import latchkey.domain.token.TokenKind;

/// Signs a legacy client out, or all of a user's.
@Singleton
class LogOut {
  private final CheckToken checkToken;
  private final EndSession endSession;

  LogOut(CheckToken checkToken, EndSession endSession) {
    this.checkToken = checkToken;
    this.endSession = endSession;
  }

  /// Works for who is locked, too.
  void handle(Secret token) {
    endSession.handle(require(checkToken.handleSignOut(token)).id(), FinishReason.LOGGED_OUT);
  }

  /// @param onlyCompatIsFine whether the client knows that sessions of other kinds go on; without
  ///   that this is not supported
  void handleAll(Secret token, boolean onlyCompatIsFine) throws SQLException {
    var user = java.util.Objects.requireNonNull(require(checkToken.handle(token)).user());
    if (!onlyCompatIsFine) {
      throw new MatrixProblem(
          404, "M_UNRECOGNIZED", "The /logout/all endpoint is not supported by this deployment");
    }
    endSession.handleCompat(user.id(), FinishReason.LOGGED_OUT);
  }

  private static SessionSnapshot require(CheckToken.Outcome outcome) {
    return switch (outcome) {
      case CheckToken.Outcome.Active(var token, var session)
          when token.kind() == TokenKind.COMPAT_ACCESS ->
          session;
      case CheckToken.Outcome.Active _, CheckToken.Outcome.Inactive _ ->
          throw new MatrixProblem(401, "M_UNKNOWN_TOKEN", "Invalid access token");
      case CheckToken.Outcome.Unknown(var reason) ->
          throw DomainProblem.unavailable(
              DatabaseState.RETRY_AFTER, "Please try again in a moment.", reason, null);
    };
  }
}
