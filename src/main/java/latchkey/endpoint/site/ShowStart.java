package latchkey.endpoint.site;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import latchkey.base.web.AccountStatePage;
import latchkey.base.web.Frames;
import latchkey.base.web.HeldSession;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Requester;
import latchkey.base.web.Routes;
import latchkey.base.web.page.Page;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.user.UserView;

/// Decides what somebody who comes to the start page sees.
@Singleton
class ShowStart {
  private final BrowserSessions browserSessions;
  private final Homeserver homeserver;
  private final Frames frames;
  private final HttpConfig http;

  ShowStart(
      BrowserSessions browserSessions, Homeserver homeserver, Frames frames, HttpConfig http) {
    this.browserSessions = browserSessions;
    this.homeserver = homeserver;
    this.frames = frames;
    this.http = http;
  }

  Page handle(Optional<HeldSession> cookie, Requester requester, String csrf) {
    var frame = frames.frame(requester);
    return switch (browserSessions.visitor(cookie, requester)) {
      case BrowserSessions.Visitor.Anonymous _ ->
          new StartPage(frame, homeserver.serverName(), csrf, null, discovery());
      case BrowserSessions.Visitor.SignedIn(_, var user, _) ->
          new StartPage(frame, homeserver.serverName(), csrf, matrixId(user), discovery());
      case BrowserSessions.Visitor.Ended _ -> AccountStatePage.ended(frame, csrf, Map.of());
      case BrowserSessions.Visitor.Inactive(var user) ->
          AccountStatePage.inactive(frame, user.deactivated(), matrixId(user), csrf, Map.of());
    };
  }

  private String matrixId(UserView user) {
    return homeserver.matrixId(user.username()).toString();
  }

  private String discovery() {
    return http.url(Routes.OPENID_CONFIGURATION);
  }
}
