package latchkey.endpoint.matrix;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import latchkey.base.error.MatrixProblem;
import latchkey.base.web.Requester;
import latchkey.domain.user.CheckPassword;
import latchkey.domain.user.LoginOrigin;
import latchkey.domain.user.UserView;

/// `m.login.password`: proves the password, then opens a session on a device. Whether an account is
/// locked is told only to who knows its password. Limits on guessing are the sign-in page's.
@Singleton
class LogInWithPassword {
  private static final int PASSWORD_LIMIT = 4096;

  private final CheckPassword checkPassword;
  private final OpenCompatSession openCompatSession;

  LogInWithPassword(CheckPassword checkPassword, OpenCompatSession openCompatSession) {
    this.checkPassword = checkPassword;
    this.openCompatSession = openCompatSession;
  }

  LoginAnswer handle(LoginRequest.Password request, Requester requester) throws SQLException {
    var user = requireUser(request, requester);
    return openCompatSession.handle(user, LoginRequest.PASSWORD, request.wishes(), null, requester);
  }

  private UserView requireUser(LoginRequest.Password request, Requester requester) {
    return switch (check(request, LoginOrigin.withoutCookies(requester))) {
      case CheckPassword.Outcome.Proven(var user) -> user;
      case CheckPassword.Outcome.Inactive(var user) when !user.deactivated() ->
          throw MatrixProblem.locked();
      case CheckPassword.Outcome.Inactive _, CheckPassword.Outcome.WrongCredentials _ ->
          throw wrongCredentials();
      case CheckPassword.Outcome.TooMany(var retryAfter) ->
          throw new MatrixProblem(429, "M_LIMIT_EXCEEDED", "Too many login attempts")
              .comeBackAfter(retryAfter);
    };
  }

  private CheckPassword.Outcome check(LoginRequest.Password request, LoginOrigin origin) {
    if (request.password().reveal().length() > PASSWORD_LIMIT) {
      return new CheckPassword.Outcome.WrongCredentials();
    }
    return switch (request.who()) {
      case LoginRequest.Identifier.Name(var name) ->
          checkPassword.handle(name, request.password(), origin);
      case LoginRequest.Identifier.Email(var address) ->
          checkPassword.handleEmail(address, request.password(), origin);
    };
  }

  private static MatrixProblem wrongCredentials() {
    return new MatrixProblem(403, "M_FORBIDDEN", "Invalid username/password");
  }
}
