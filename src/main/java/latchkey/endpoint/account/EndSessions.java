package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import latchkey.base.web.AccountPlace;
import latchkey.base.web.Continuation;
import latchkey.base.web.Routes;
import latchkey.domain.session.SessionKind;
import latchkey.domain.session.SessionListRepository;

/// Signs out one session of the person who is signed in, or all but this browser.
@Singleton
class EndSessions {
  private final Door door;
  private final SessionListRepository sessions;
  private final SignOut signOut;

  EndSessions(Door door, SessionListRepository sessions, SignOut signOut) {
    this.door = door;
    this.sessions = sessions;
    this.signOut = signOut;
  }

  Outcome handleOne(Visit visit, UUID session) throws SQLException {
    return door.open(
        visit,
        new Continuation.ShowAccountPage(AccountPlace.session(session)),
        (person, _) -> {
          var user = person.user().id();
          var found = sessions.find(user, session).orElseThrow(Door::nothing);
          if (found.kind() == SessionKind.BROWSER) {
            signOut.browser(user, session);
          } else {
            signOut.apps(user, List.of(session));
          }
          return new Outcome.GoTo(done(1));
        });
  }

  Outcome handleOthers(Visit visit) throws SQLException {
    return door.open(
        visit,
        new Continuation.ShowAccountPage(AccountPlace.of(AccountPlace.Page.OTHERS)),
        (person, _) ->
            new Outcome.GoTo(done(signOut.others(person.user().id(), person.session()))));
  }

  private static String done(int ended) {
    return Routes.SESSIONS + "?ended=" + ended;
  }
}
