package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.web.AccountPlace;
import latchkey.base.web.Continuation;
import latchkey.base.web.Routes;
import latchkey.base.web.page.Frame;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.session.SessionListRepository;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLinks;
import latchkey.domain.user.AppPasswordRepository;
import latchkey.domain.user.DisplayNames;
import latchkey.domain.user.PasswordsConfig;
import org.jspecify.annotations.Nullable;

/// Shows the front, or where a link leads (MSC4191, `oauth.md` 15.2).
@Singleton
class ShowAccount {
  private final Door door;
  private final SessionListRepository sessions;
  private final AppPasswordRepository appPasswords;
  private final PasswordsConfig passwords;
  private final UpstreamLinks links;
  private final Providers providers;
  private final DisplayNames displayNames;
  private final Homeserver homeserver;

  ShowAccount(
      Door door,
      SessionListRepository sessions,
      AppPasswordRepository appPasswords,
      PasswordsConfig passwords,
      UpstreamLinks links,
      Providers providers,
      DisplayNames displayNames,
      Homeserver homeserver) {
    this.door = door;
    this.sessions = sessions;
    this.appPasswords = appPasswords;
    this.passwords = passwords;
    this.links = links;
    this.providers = providers;
    this.displayNames = displayNames;
    this.homeserver = homeserver;
  }

  Outcome handle(Visit visit, Continuation.ManageAccount here) throws SQLException {
    return door.open(
        visit,
        here,
        (person, frame) -> {
          var user = person.user().id();
          return switch (here.action().orElse("")) {
            case "org.matrix.devices_list", "org.matrix.sessions_list", "sessions_list" ->
                new Outcome.GoTo(Routes.SESSIONS);
            case "org.matrix.device_view",
                "org.matrix.session_view",
                "session_view",
                "org.matrix.device_delete",
                "org.matrix.session_end",
                "session_end" ->
                here.device().isPresent()
                    ? holder(user, here.device().get())
                    : new Outcome.GoTo(Routes.SESSIONS);
            default -> front(person, frame, visit);
          };
        });
  }

  Outcome handlePassword(Visit visit) throws SQLException {
    return door.open(
        visit,
        new Continuation.ChangePassword(),
        (person, frame) ->
            new Outcome.Show(
                new AccountPasswordPage(
                    frame, homeserver.serverName(), door.matrixId(person.user()))));
  }

  /// To the session that holds a device.
  Outcome handleDevice(Visit visit, String device) throws SQLException {
    if (device.indexOf(0) >= 0) {
      throw Door.nothing(); // PostgreSQL has no such text
    }
    var here =
        new Continuation.ManageAccount(Optional.of("org.matrix.device_view"), Optional.of(device));
    return door.open(visit, here, (person, _) -> holder(person.user().id(), device));
  }

  private Outcome holder(UUID user, String device) throws SQLException {
    return new Outcome.GoTo(
        sessions
            .onDevice(user, device)
            .map(AccountPlace::session)
            .orElseThrow(Door::nothing)
            .path());
  }

  private @Nullable Integer ways(UUID user) {
    int linked = links.ofUser(user).size();
    return linked == 0 && providers.all().isEmpty() ? null : linked;
  }

  private Outcome front(Visitor.SignedIn person, Frame frame, Visit visit) throws SQLException {
    var user = person.user();
    var counts = sessions.count(user.id());
    return new Outcome.Show(
        new AccountPage(
            frame,
            homeserver.serverName(),
            visit.csrf(),
            door.matrixId(user),
            displayNames.find(user.username()).orElse(null),
            counts.clients(),
            counts.browsers(),
            passwords.enabled() ? appPasswords.list(user.id()).size() : null,
            ways(user.id())));
  }
}
