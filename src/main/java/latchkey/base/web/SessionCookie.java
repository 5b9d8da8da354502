package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import latchkey.base.system.Ids;

/// The cookie that says which browser session a browser has. It cannot be made without our key, and
/// every sign-in in the browser makes it anew: a copy taken before stands for nothing.
@Singleton
public class SessionCookie {
  private static final String COOKIE = "session";
  private static final Duration LATELY = Duration.ofMinutes(5);

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

  /// Whether somebody signed out in the browser in the last five minutes, and nobody has signed in
  /// since.
  public boolean signedOutLately(HttpServerRequest request) {
    return cookies
        .read(request, COOKIE)
        .flatMap(SessionCookie::signedOutAt)
        .filter(at -> at.plus(LATELY).isAfter(clock.instant()))
        .isPresent();
  }

  private static Optional<Instant> signedOutAt(JsonObject cookie) {
    try {
      return cookie.getValue("logged_out_at") instanceof String at
          ? Optional.of(Instant.parse(at))
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
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
