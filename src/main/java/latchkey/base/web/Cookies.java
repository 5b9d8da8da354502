package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import latchkey.base.crypto.Encryption;
import org.jspecify.annotations.Nullable;

/// Our cookies: a JSON object or list each, sealed, in the form of the service we replace
/// (`pages.md` 1.2). A cookie that does not open counts as absent.
@Singleton
public class Cookies {
  private static final Duration FOR_GOOD = Duration.ofDays(20 * 365L);

  private final HttpConfig http;
  private final Encryption encryption;

  Cookies(HttpConfig http, Encryption encryption) {
    this.http = http;
    this.encryption = encryption;
  }

  public Optional<JsonObject> read(HttpServerRequest request, String name) {
    return read(request, name, JsonObject::new);
  }

  /// A cookie that is a list; what else it holds counts as absent too.
  public Optional<JsonArray> readList(HttpServerRequest request, String name) {
    return read(request, name, JsonArray::new);
  }

  private <T> Optional<T> read(HttpServerRequest request, String name, Function<String, T> json) {
    var cookie = request.getCookie(name);
    if (cookie == null) {
      return Optional.empty();
    }
    try {
      return encryption.openCookie(name, unquoted(cookie.getValue())).map(json);
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  /// The value of a `Set-Cookie` header.
  public String write(String name, JsonObject value, boolean forGood) {
    return write(name, value.encode(), forGood ? FOR_GOOD : null);
  }

  /// The value of a `Set-Cookie` header for a list, which goes with the browser's session.
  public String writeList(String name, JsonArray value) {
    return write(name, value.encode(), null);
  }

  /// The value of a `Set-Cookie` header that takes a cookie away.
  public String drop(String name) {
    return name
        + "=; Path="
        + http.path("/")
        + "; Max-Age=0; HttpOnly; SameSite=Lax"
        + (http.isSecure() ? "; Secure" : "");
  }

  private String write(String name, String value, @Nullable Duration maxAge) {
    return name
        + "="
        + encryption.sealCookie(name, value)
        + "; Path="
        + http.path("/")
        + (maxAge == null ? "" : "; Max-Age=" + maxAge.toSeconds())
        + "; HttpOnly; SameSite=Lax"
        + (http.isSecure() ? "; Secure" : "");
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    // Some clients send base64's characters percent-encoded.
    var bare = quoted ? value.substring(1, value.length() - 1) : value;
    return bare.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
  }
}
