package latchkey.endpoint.register;

import jakarta.inject.Singleton;
import java.util.Optional;
import latchkey.base.web.Continuation;
import latchkey.base.web.Frames;
import latchkey.base.web.HeldSession;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Page;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.Clients;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.upstream.ProviderButtons;
import latchkey.domain.upstream.Providers;

/// Decides where somebody goes who wants an account.
@Singleton
class ShowRegister {
  sealed interface Outcome {
    /// @param path without prefix
    record GoTo(String path) implements Outcome {}

    record Show(Page page) implements Outcome {}
  }

  private final BrowserSessions browserSessions;
  private final Providers providers;
  private final ProviderButtons buttons;
  private final AuthorizationGrants grants;
  private final Clients clients;
  private final Homeserver homeserver;
  private final Frames frames;

  ShowRegister(
      BrowserSessions browserSessions,
      Providers providers,
      ProviderButtons buttons,
      AuthorizationGrants grants,
      Clients clients,
      Homeserver homeserver,
      Frames frames) {
    this.browserSessions = browserSessions;
    this.providers = providers;
    this.buttons = buttons;
    this.grants = grants;
    this.clients = clients;
    this.homeserver = homeserver;
    this.frames = frames;
  }

  /// @param signedOut whether somebody signed out in this browser a moment ago
  Outcome handle(
      Optional<HeldSession> cookie, Continuation next, Requester requester, boolean signedOut) {
    if (browserSessions.visitor(cookie, requester) instanceof Visitor.SignedIn) {
      return new Outcome.GoTo(next.path());
    }
    var all = providers.all();
    if (all.isEmpty()) {
      // There the person is told that they can get none.
      return new Outcome.GoTo(next.loginPath());
    }
    if (all.size() == 1 && !signedOut) {
      return new Outcome.GoTo(next.upstreamPath(all.getFirst().id()));
    }
    var grant = grants.pending(next);
    return new Outcome.Show(
        new RegisterPage(
            frames.frame(requester, grant.map(PendingGrant::locale).orElse(null)),
            homeserver.serverName(),
            grant
                .flatMap(known -> clients.find(known.clientId()))
                .map(ClientView::displayName)
                .orElse(null),
            buttons.all(next),
            next.loginPath().substring(1)));
  }
}
