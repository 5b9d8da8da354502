package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;

/// The cookie that says which browser session a browser has. It holds an id and nothing to steal
/// without our key.
@Singleton
public class SessionCookie {
  private static final String COOKIE = "session";

  private final Cookies cookies;
  private final Clock clock;

  SessionCookie(Cookies cookies, Clock clock) {
    this.cookies = cookies;
    this.clock = clock;
  }

  public Optional<UUID> read(HttpServerRequest request) {
    return cookies
        .read(request, COOKIE)
        .flatMap(
            cookie ->
                cookie.getValue("current") instanceof String id ? Ids.parse(id) : Optional.empty());
  }

  /// `Set-Cookie` for a browser that is signed in from now on.
  public String signedIn(UUID session) {
    return cookies.write(COOKIE, new JsonObject().put("current", Ids.text(session)), true);
  }

  /// `Set-Cookie` for a browser that is signed out from now on, and when that was.
  public String signedOut() {
    var value =
        new JsonObject().putNull("current").put("logged_out_at", clock.instant().toString());
    return cookies.write(COOKIE, value, true);
  }
}
