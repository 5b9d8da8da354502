package latchkey.endpoint.login;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.matrix.MatrixId;
import latchkey.base.web.Continuation;
import latchkey.base.web.HeldSession;
import latchkey.base.web.Parameters;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Page;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.session.BrowserSessions;

/// Decides what somebody who comes to the sign-in page sees.
@Singleton
class ShowLogin {
  /// A page, or straight on for who is signed in already.
  sealed interface Outcome {
    record GoOn() implements Outcome {}

    /// To the only way there is to sign in.
    record Leave(UUID provider) implements Outcome {}

    record Show(Page page) implements Outcome {}
  }

  private final BrowserSessions browserSessions;
  private final AuthorizationGrants grants;
  private final Homeserver homeserver;
  private final LoginPages pages;

  ShowLogin(
      BrowserSessions browserSessions,
      AuthorizationGrants grants,
      Homeserver homeserver,
      LoginPages pages) {
    this.browserSessions = browserSessions;
    this.grants = grants;
    this.homeserver = homeserver;
    this.pages = pages;
  }

  /// @param signedOut whether somebody signed out in this browser a moment ago, who would be signed
  ///   in again at once
  Outcome handle(
      Optional<HeldSession> cookie,
      Continuation next,
      Parameters query,
      Requester requester,
      String csrf,
      boolean signedOut) {
    return switch (browserSessions.visitor(cookie, requester)) {
      case BrowserSessions.Visitor.SignedIn person when pages.mustConfirm(next, person) ->
          new Outcome.Show(
              pages.login(
                  next,
                  person,
                  requester,
                  csrf,
                  false,
                  person.user().username(),
                  LoginErrors.none()));
      case BrowserSessions.Visitor.SignedIn _ -> new Outcome.GoOn();
      case BrowserSessions.Visitor.Anonymous _
          when !signedOut && pages.onlyProvider(next).isPresent() ->
          new Outcome.Leave(pages.onlyProvider(next).orElseThrow().id());
      case BrowserSessions.Visitor.Anonymous visitor ->
          new Outcome.Show(
              pages.login(
                  next,
                  visitor,
                  requester,
                  csrf,
                  pages.asksAddressFirst(next),
                  hint(next, query),
                  LoginErrors.none()));
      case BrowserSessions.Visitor.Ended _ -> new Outcome.Show(pages.ended(next, requester, csrf));
      case BrowserSessions.Visitor.Inactive(var user) ->
          new Outcome.Show(pages.inactive(user, next, requester, csrf));
    };
  }

  /// `login_hint=mxid:@alice:example.com` fills in alice, if the server is ours (MSC4198).
  private String hint(Continuation next, Parameters query) {
    var hint = query.find("login_hint").or(() -> grants.pending(next).map(PendingGrant::loginHint));
    return hint.flatMap(MatrixId::parseHint)
        .filter(id -> id.server().equals(homeserver.serverName()))
        .map(MatrixId::localpart)
        .orElse("");
  }
}
