package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Secret;
import latchkey.base.web.AccountPlace;
import latchkey.base.web.Continuation;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.session.SessionListRepository;
import latchkey.domain.user.AppPasswordRepository;
import latchkey.domain.user.PasswordsConfig;

/// Shows the app passwords of the person who is signed in, or one of them.
@Singleton
class ShowAppPasswords {
  private final Door door;
  private final AppPasswordRepository passwords;
  private final SessionListRepository sessions;
  private final Homeserver homeserver;
  private final PasswordsConfig config;
  private final Clock clock;

  ShowAppPasswords(
      Door door,
      AppPasswordRepository passwords,
      SessionListRepository sessions,
      Homeserver homeserver,
      PasswordsConfig config,
      Clock clock) {
    this.door = door;
    this.passwords = passwords;
    this.sessions = sessions;
    this.homeserver = homeserver;
    this.config = config;
    this.clock = clock;
  }

  /// @param revoked whether one was taken back a moment ago
  Outcome handleAll(Visit visit, boolean revoked) throws SQLException {
    return door.open(
        visit,
        new Continuation.ShowAccountPage(AccountPlace.of(AccountPlace.Page.APP_PASSWORDS)),
        (person, frame) -> {
          var now = clock.instant();
          var all =
              passwords.list(person.user().id()).stream()
                  .map(one -> SeenAppPassword.of(one, frame.translation(), now))
                  .toList();
          return new Outcome.Show(
              new AppPasswordsPage(frame, homeserver.serverName(), all, config.enabled(), revoked));
        });
  }

  /// @param secret the password itself, if it was made a moment ago
  Outcome handleOne(Visit visit, UUID id, Optional<Secret> secret) throws SQLException {
    return door.open(
        visit,
        new Continuation.ShowAccountPage(AccountPlace.appPassword(id)),
        (person, frame) -> {
          var user = person.user();
          var found = passwords.find(user.id(), id).orElseThrow(Door::nothing);
          var seen = SeenAppPassword.of(found, frame.translation(), clock.instant());
          return new Outcome.Show(
              secret.isPresent()
                  ? new AppPasswordMadePage(
                      frame, homeserver.serverName(), door.matrixId(user), seen, secret.get())
                  : new AppPasswordPage(
                      frame, visit.csrf(), seen, sessions.countOfAppPassword(user.id(), id)));
        });
  }
}
