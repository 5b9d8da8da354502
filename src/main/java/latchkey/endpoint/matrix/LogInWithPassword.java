package latchkey.endpoint.matrix;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import latchkey.base.web.Requester;

/// `m.login.password`: proves the password, then opens a session on a device. Whether an account is
/// locked is told only to who knows its password.
@Singleton
class LogInWithPassword {
  private final ProveLegacyLogin proveLegacyLogin;
  private final OpenCompatSession openCompatSession;

  LogInWithPassword(ProveLegacyLogin proveLegacyLogin, OpenCompatSession openCompatSession) {
    this.proveLegacyLogin = proveLegacyLogin;
    this.openCompatSession = openCompatSession;
  }

  LoginAnswer handle(LoginRequest.Password request, Requester requester) throws SQLException {
    var proof = proveLegacyLogin.handle(request, requester);
    return openCompatSession.handle(
        proof.user(), LoginRequest.PASSWORD, request.wishes(), proof.ticket(), requester);
  }
}
