package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.system.Randomness;

/// Guards forms against other sites (`pages.md` 1.3): 32 random bytes in a sealed cookie must come
/// back in the form. One token serves all tabs, for an hour after the last page.
@Singleton
public class Csrf {
  private static final String COOKIE = "csrf";
  private static final Duration LIFE = Duration.ofHours(1);
  private static final int LENGTH = 32;

  /// @param field for the hidden field `csrf`
  /// @param setCookie for the response
  public record Token(String field, String setCookie) {}

  private final Cookies cookies;
  private final Randomness randomness;
  private final Clock clock;

  Csrf(Cookies cookies, Randomness randomness, Clock clock) {
    this.cookies = cookies;
    this.randomness = randomness;
    this.clock = clock;
  }

  /// The browser's token, or a new one, extended.
  public Token token(HttpServerRequest request) {
    var bytes = current(request).orElseGet(() -> randomness.bytes(LENGTH));
    var numbers = new JsonArray();
    for (var b : bytes) {
      numbers.add(b & 0xff);
    }
    var value =
        new JsonObject()
            .put("expiration", clock.instant().plus(LIFE).getEpochSecond())
            .put("token", numbers);
    return new Token(encode(bytes), cookies.write(COOKIE, value, false));
  }

  /// Refuses a form that did not come from one of our pages in this browser.
  public void require(HttpServerRequest request, Parameters form) {
    var expected = current(request).map(Csrf::encode);
    var sent = form.find("csrf");
    boolean same =
        expected.isPresent()
            && sent.isPresent()
            && MessageDigest.isEqual(ascii(expected.get()), ascii(sent.get()));
    if (!same) {
      throw DomainProblem.of(
          Reason.INVALID,
          "the form is too old, or came without its cookie",
          ErrorPages.FORM_TOO_OLD);
    }
  }

  private Optional<byte[]> current(HttpServerRequest request) {
    return cookies.read(request, COOKIE).flatMap(this::unexpired);
  }

  private Optional<byte[]> unexpired(JsonObject cookie) {
    if (!(cookie.getValue("expiration") instanceof Number expiration)
        || !(cookie.getValue("token") instanceof JsonArray numbers)
        || numbers.size() != LENGTH
        || expiration.longValue() < clock.instant().getEpochSecond()) {
      return Optional.empty();
    }
    var bytes = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      bytes[i] = numbers.getInteger(i).byteValue();
    }
    return Optional.of(bytes);
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
