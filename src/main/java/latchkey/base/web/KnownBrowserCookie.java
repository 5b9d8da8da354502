package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import latchkey.base.system.Randomness;

/// The cookie by which a browser is known again at the sign-in page. It outlives signing out, and
/// is sealed, so nobody can make one or read a name in it.
@Singleton
public class KnownBrowserCookie {
  private static final String COOKIE = "known";
  private static final int ID_LENGTH = 16;

  private final Cookies cookies;
  private final Randomness randomness;
  private final Clock clock;

  KnownBrowserCookie(Cookies cookies, Randomness randomness, Clock clock) {
    this.cookies = cookies;
    this.randomness = randomness;
    this.clock = clock;
  }

  public KnownBrowser read(HttpServerRequest request) {
    return cookies
        .read(request, COOKIE)
        .map(KnownBrowserCookie::browser)
        .orElseGet(KnownBrowser::stranger);
  }

  /// `Set-Cookie` for a browser in which somebody has just signed in to that account.
  public String signedIn(KnownBrowser browser, String username) {
    var id =
        browser.id().isEmpty()
            ? HexFormat.of().formatHex(randomness.bytes(ID_LENGTH))
            : browser.id();
    var accounts = new JsonObject();
    new KnownBrowser(id, browser.accounts())
        .signedIn(username, clock.instant())
        .accounts()
        .forEach((name, at) -> accounts.put(name, at.getEpochSecond()));
    return cookies.write(COOKIE, new JsonObject().put("id", id).put("accounts", accounts), true);
  }

  private static KnownBrowser browser(JsonObject cookie) {
    if (!(cookie.getValue("id") instanceof String id)
        || !(cookie.getValue("accounts") instanceof JsonObject accounts)) {
      return KnownBrowser.stranger();
    }
    var known = new HashMap<String, Instant>();
    for (var account : accounts) {
      if (account.getValue() instanceof Number seconds) {
        known.put(account.getKey(), Instant.ofEpochSecond(seconds.longValue()));
      }
    }
    return new KnownBrowser(id, known);
  }
}
