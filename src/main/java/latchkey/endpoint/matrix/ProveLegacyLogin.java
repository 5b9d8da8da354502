package latchkey.endpoint.matrix;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import latchkey.base.error.MatrixProblem;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Requester;
import latchkey.base.web.Routes;
import latchkey.domain.user.AppPasswordRepository;
import latchkey.domain.user.CheckAppPassword;
import latchkey.domain.user.CheckPassword;
import latchkey.domain.user.LoginOrigin;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;

/// Proves who logs in with a password: one that was made for an app, or, where the admin lets it,
/// the person's own. Where only app passwords count, their own is not even tried, so that nobody
/// can find out here what it is.
@Singleton
class ProveLegacyLogin {
  private static final int PASSWORD_LIMIT = 4096;

  /// @param ticket null for a password of the person's own
  record Proof(UserView user, OpenCompatSession.@Nullable Ticket ticket) {}

  private final CheckPassword checkPassword;
  private final CheckAppPassword checkAppPassword;
  private final AppPasswordRepository appPasswords;
  private final CompatConfig config;
  private final HttpConfig http;

  ProveLegacyLogin(
      CheckPassword checkPassword,
      CheckAppPassword checkAppPassword,
      AppPasswordRepository appPasswords,
      CompatConfig config,
      HttpConfig http) {
    this.checkPassword = checkPassword;
    this.checkAppPassword = checkAppPassword;
    this.appPasswords = appPasswords;
    this.config = config;
    this.http = http;
  }

  Proof handle(LoginRequest.Password request, Requester requester) throws SQLException {
    if (request.password().reveal().length() > PASSWORD_LIMIT) {
      throw refused();
    }
    var origin = LoginOrigin.withoutCookies(requester);
    return switch (checkApp(request, origin)) {
      case CheckAppPassword.Outcome.Proven(var user, var id) ->
          new Proof(user, new Ticket(id, requester));
      case CheckAppPassword.Outcome.Inactive(var user) -> throw inactive(user);
      case CheckAppPassword.Outcome.TooMany(var retryAfter) -> throw tooMany(retryAfter);
      case CheckAppPassword.Outcome.NotOne _ when config.appPasswordsRequired() -> throw refused();
      case CheckAppPassword.Outcome.NotOne(var after) ->
          new Proof(requireOwn(request, after), null);
    };
  }

  private UserView requireOwn(LoginRequest.Password request, LoginOrigin origin) {
    return switch (checkOwn(request, origin)) {
      case CheckPassword.Outcome.Proven(var user) -> user;
      case CheckPassword.Outcome.Inactive(var user) -> throw inactive(user);
      case CheckPassword.Outcome.WrongCredentials _ -> throw refused();
      case CheckPassword.Outcome.TooMany(var retryAfter) -> throw tooMany(retryAfter);
    };
  }

  private CheckPassword.Outcome checkOwn(LoginRequest.Password request, LoginOrigin origin) {
    return switch (request.who()) {
      case LoginRequest.Identifier.Name(var name) ->
          checkPassword.handle(name, request.password(), origin);
      case LoginRequest.Identifier.Email(var address) ->
          checkPassword.handleEmail(address, request.password(), origin);
    };
  }

  private CheckAppPassword.Outcome checkApp(LoginRequest.Password request, LoginOrigin origin)
      throws SQLException {
    return switch (request.who()) {
      case LoginRequest.Identifier.Name(var name) ->
          checkAppPassword.handle(name, request.password(), origin);
      case LoginRequest.Identifier.Email(var address) ->
          checkAppPassword.handleEmail(address, request.password(), origin);
    };
  }

  private static MatrixProblem tooMany(Duration retryAfter) {
    return new MatrixProblem(429, "M_LIMIT_EXCEEDED", "Too many login attempts")
        .comeBackAfter(retryAfter);
  }

  /// Whether an account is locked is told only to who knows its password.
  private MatrixProblem inactive(UserView user) {
    return user.deactivated() ? refused() : MatrixProblem.locked();
  }

  private MatrixProblem refused() {
    return new MatrixProblem(
        403,
        "M_FORBIDDEN",
        config.appPasswordsRequired()
            ? "Apps sign in here with a password of their own only. Make one at "
                + http.url(Routes.APP_PASSWORDS)
            : "Invalid username/password");
  }

  /// Notes the use of an app password together with the session that it opens; of one that was
  /// taken back meanwhile there is none.
  private final class Ticket implements OpenCompatSession.Ticket {
    private final UUID id;
    private final Requester requester;

    Ticket(UUID id, Requester requester) {
      this.id = id;
      this.requester = requester;
    }

    @Override
    public @Nullable UUID browserSession() {
      return null;
    }

    @Override
    public UUID appPassword() {
      return id;
    }

    @Override
    public void use(UUID session, Instant now) throws SQLException {
      if (!appPasswords.use(id, requester.ipAddress(), requester.userAgent(), now)) {
        throw refused();
      }
    }
  }
}
