package latchkey.endpoint.account;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.base.web.Cookies;

/// Carries a new app password from the form to the page that shows it: sealed, for a few minutes,
/// and until it was shown once. So the form can be answered by a redirect, and nothing stores it.
@Singleton
class MadeCookie {
  private static final String COOKIE = "made-app-password";
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final Cookies cookies;
  private final Clock clock;

  MadeCookie(Cookies cookies, Clock clock) {
    this.cookies = cookies;
    this.clock = clock;
  }

  /// `Set-Cookie` that carries it.
  String carry(UUID id, Secret secret) {
    var value =
        new JsonObject()
            .put("id", Ids.text(id))
            .put("secret", secret.reveal())
            .put("until", clock.instant().plus(LIFE).getEpochSecond());
    return cookies.write(COOKIE, value, false);
  }

  /// What is carried of this app password.
  Optional<Secret> read(HttpServerRequest request, UUID id) {
    return cookies
        .read(request, COOKIE)
        .filter(cookie -> Ids.text(id).equals(cookie.getValue("id")))
        .filter(
            cookie ->
                cookie.getValue("until") instanceof Number until
                    && clock.instant().isBefore(Instant.ofEpochSecond(until.longValue())))
        .flatMap(
            cookie ->
                cookie.getValue("secret") instanceof String secret
                    ? Optional.of(Secret.of(secret))
                    : Optional.empty());
  }

  /// `Set-Cookie` after it was shown.
  String gone() {
    return cookies.drop(COOKIE);
  }
}
