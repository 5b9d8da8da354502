package latchkey.endpoint.matrix;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import latchkey.base.error.MatrixProblem;
import latchkey.base.web.Requester;
import latchkey.domain.grant.CompatSsoLogin;
import latchkey.domain.grant.CompatSsoLogins;

/// `m.login.token`: exchanges the login token that `m.login.sso` ended with (`matrix-compat.md`
/// 6.2). Using it up and opening the session are one; what fails before leaves it good.
@Singleton
class LogInWithToken {
  private final CompatSsoLogins logins;
  private final OpenCompatSession openCompatSession;
  private final Clock clock;

  LogInWithToken(CompatSsoLogins logins, OpenCompatSession openCompatSession, Clock clock) {
    this.logins = logins;
    this.openCompatSession = openCompatSession;
    this.clock = clock;
  }

  LoginAnswer handle(LoginRequest.Token request, Requester requester) throws SQLException {
    var login = logins.findByToken(request.token()).orElseThrow(LogInWithToken::invalid);
    if (login.exchanged()) {
      throw invalid();
    } else if (!login.isFresh(clock.instant())) {
      throw new MatrixProblem(403, "M_FORBIDDEN", "Login token expired");
    } else if (login.browserSessionFinished() || login.user().deactivated()) {
      throw invalid();
    } else if (login.user().locked()) {
      throw MatrixProblem.locked();
    }
    return openCompatSession.handle(
        login.user(), LoginRequest.TOKEN, request.wishes(), new Ticket(login), requester);
  }

  private final class Ticket implements OpenCompatSession.Ticket {
    private final CompatSsoLogin login;

    Ticket(CompatSsoLogin login) {
      this.login = login;
    }

    @Override
    public UUID browserSession() {
      return login.browserSession();
    }

    @Override
    public void use(UUID session, Instant now) throws SQLException {
      if (!logins.consume(login.id(), session, now)) {
        throw invalid();
      }
    }
  }

  private static MatrixProblem invalid() {
    return new MatrixProblem(403, "M_FORBIDDEN", "Invalid login token");
  }
}
