package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import latchkey.base.system.Ids;

/// The cookie that says which browser session a browser has. It cannot be made without our key, and
/// every sign-in in the browser makes it anew: a copy taken before stands for nothing.
@Singleton
public class SessionCookie {
  private static final String COOKIE = "session";

  private final Cookies cookies;
  private final Clock clock;

  SessionCookie(Cookies cookies, Clock clock) {
    this.cookies = cookies;
    this.clock = clock;
  }

  public Optional<HeldSession> read(HttpServerRequest request) {
    return cookies.read(request, COOKIE).flatMap(SessionCookie::held);
  }

  private static Optional<HeldSession> held(JsonObject cookie) {
    if (!(cookie.getValue("current") instanceof String id)) {
      return Optional.empty();
    }
    // Cookies of MAS say no renewal.
    int renewal = cookie.getValue("renewal") instanceof Number number ? number.intValue() : 0;
    return Ids.parse(id).map(session -> new HeldSession(session, renewal));
  }

  /// `Set-Cookie` for a browser that is signed in from now on.
  public String signedIn(HeldSession session) {
    var value =
        new JsonObject().put("current", Ids.text(session.id())).put("renewal", session.renewal());
    return cookies.write(COOKIE, value, true);
  }

  /// `Set-Cookie` for a browser that is signed out from now on, and when that was.
  public String signedOut() {
    var value =
        new JsonObject().putNull("current").put("logged_out_at", clock.instant().toString());
    return cookies.write(COOKIE, value, true);
  }
}
