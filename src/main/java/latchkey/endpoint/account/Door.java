package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.language.Message;
import latchkey.base.web.AccountStatePage;
import latchkey.base.web.Continuation;
import latchkey.base.web.Frames;
import latchkey.base.web.page.Frame;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.user.UserView;

/// Lets people into their own account, and nobody else (`pages.md` 1.5). What a link or a form asks
/// for is kept through the sign-in, and changes nothing.
@Singleton
class Door {
  /// What somebody who got in finds.
  interface Inside {
    Outcome enter(Visitor.SignedIn person, Frame frame) throws SQLException;
  }

  private final BrowserSessions browserSessions;
  private final Homeserver homeserver;
  private final Frames frames;
  private final Clock clock;

  Door(BrowserSessions browserSessions, Homeserver homeserver, Frames frames, Clock clock) {
    this.browserSessions = browserSessions;
    this.homeserver = homeserver;
    this.frames = frames;
    this.clock = clock;
  }

  /// @param here where to come back to after signing in
  Outcome open(Visit visit, Continuation here, Inside inside) throws SQLException {
    var frame = frames.frame(visit.requester());
    var hidden = here.parameters();
    return switch (browserSessions.visitor(visit.cookie(), visit.requester())) {
      case Visitor.Anonymous _ -> new Outcome.LogIn(here);
      case Visitor.SignedIn person
          when here.needsRecentSignIn() && !person.isRecent(clock.instant()) ->
          new Outcome.LogIn(here);
      case Visitor.SignedIn person -> inside.enter(person, frame);
      case Visitor.Ended _ -> new Outcome.Show(AccountStatePage.ended(frame, visit.csrf(), hidden));
      case Visitor.Inactive(var user) ->
          new Outcome.Show(
              AccountStatePage.inactive(
                  frame, user.deactivated(), matrixId(user), visit.csrf(), hidden));
    };
  }

  String matrixId(UserView user) {
    return homeserver.matrixId(user.username()).toString();
  }

  /// The same for what never was, what is over and what is somebody else's.
  static DomainProblem nothing() {
    return DomainProblem.of(
        Reason.NOT_FOUND,
        "not one of this user's, or over",
        Message.of("latchkey.account.nothing"));
  }
}
