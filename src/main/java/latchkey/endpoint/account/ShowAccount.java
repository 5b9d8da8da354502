package latchkey.endpoint.account;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.web.AccountStatePage;
import latchkey.base.web.Continuation;
import latchkey.base.web.Frames;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Page;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.user.UserView;

/// Decides what somebody who comes to the account pages sees. What a link asks for is kept through
/// the sign-in, and changes nothing.
@Singleton
class ShowAccount {
  sealed interface Outcome {
    /// Only its owner may see it.
    record LogIn() implements Outcome {}

    record Show(Page page) implements Outcome {}
  }

  private final BrowserSessions browserSessions;
  private final Homeserver homeserver;
  private final Frames frames;

  ShowAccount(BrowserSessions browserSessions, Homeserver homeserver, Frames frames) {
    this.browserSessions = browserSessions;
    this.homeserver = homeserver;
    this.frames = frames;
  }

  /// @param here where to come back to after signing in
  Outcome handle(Optional<UUID> cookie, Continuation here, Requester requester, String csrf) {
    var frame = frames.frame(requester);
    var hidden = here.parameters();
    return switch (browserSessions.visitor(cookie, requester)) {
      case Visitor.Anonymous _ -> new Outcome.LogIn();
      case Visitor.SignedIn(_, var user, _) ->
          new Outcome.Show(new AccountPage(frame, homeserver.serverName(), csrf, matrixId(user)));
      case Visitor.Ended _ -> new Outcome.Show(AccountStatePage.ended(frame, csrf, hidden));
      case Visitor.Inactive(var user) when user.deactivated() ->
          new Outcome.Show(AccountStatePage.deactivated(frame, matrixId(user), csrf, hidden));
      case Visitor.Inactive(var user) ->
          new Outcome.Show(AccountStatePage.locked(frame, matrixId(user), csrf, hidden));
    };
  }

  private String matrixId(UserView user) {
    return homeserver.matrixId(user.username()).toString();
  }
}
