package latchkey.base.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import latchkey.base.system.Ids;

/// The cookie that binds trips to the browser they began in (`pages.md` 1.2): several at once, one
/// for each tab, each for ten minutes. Nobody else's browser can end one.
@Singleton
public class TripCookie {
  public static final Duration LIFE = Duration.ofMinutes(10);
  private static final String COOKIE = "upstream-oauth2-sessions";

  /// Browsers take 4096 bytes with everything; sealing makes four bytes of three.
  private static final int MOST_BYTES = 2400;

  private final Cookies cookies;
  private final Clock clock;

  TripCookie(Cookies cookies, Clock clock) {
    this.cookies = cookies;
    this.clock = clock;
  }

  /// Whether the browser has sent it, whatever is in it.
  public boolean isThere(HttpServerRequest request) {
    return request.getCookie(COOKIE) != null;
  }

  /// Oldest first, without those whose time is over.
  public List<Underway> read(HttpServerRequest request) {
    return cookies.readList(request, COOKIE).stream()
        .flatMap(JsonArray::stream)
        .flatMap(TripCookie::entry)
        .filter(this::isAlive)
        .toList();
  }

  private boolean isAlive(Underway entry) {
    return Ids.time(entry.trip()).plus(LIFE).isAfter(clock.instant());
  }

  /// `Set-Cookie` with a trip more, or with one that has got further.
  public String with(HttpServerRequest request, Underway entry) {
    return write(
        Stream.concat(
                read(request).stream().filter(other -> !other.trip().equals(entry.trip())),
                Stream.of(entry))
            .toList());
  }

  /// `Set-Cookie` without a trip that has ended.
  public String without(HttpServerRequest request, Underway entry) {
    return write(
        read(request).stream().filter(other -> !other.trip().equals(entry.trip())).toList());
  }

  /// `Set-Cookie` at a sign-out, nothing if there is no such cookie: who came back and was not let
  /// in yet would be let in as if nobody had signed out.
  ///
  /// @param next where the sign-out leads; the trip that waits there stays
  public Optional<String> signedOut(HttpServerRequest request, Continuation next) {
    return isThere(request)
        ? Optional.of(
            write(
                read(request).stream()
                    .filter(
                        trip ->
                            !trip.isBack()
                                || (next instanceof Continuation.LinkUpstream(var link)
                                    && trip.isBackAs(link)))
                    .toList()))
        : Optional.empty();
  }

  /// With too many at once the oldest go.
  private String write(List<Underway> entries) {
    var newest = new ArrayDeque<JsonObject>();
    int bytes = 0;
    for (var entry : entries.reversed()) {
      var json = json(entry);
      bytes += json.encode().length() + 1;
      if (bytes <= MOST_BYTES) {
        newest.addFirst(json);
      }
    }
    return cookies.writeList(COOKIE, new JsonArray(List.copyOf(newest)));
  }

  private static JsonObject json(Underway entry) {
    var link = entry.link();
    return new JsonObject()
        .put("session", Ids.text(entry.trip()))
        .put("provider", Ids.text(entry.provider()))
        .put("link", link == null ? null : Ids.text(link))
        .put("post_auth_action", new JsonObject(Map.copyOf(entry.next().parameters())));
  }

  private static Stream<Underway> entry(Object item) {
    if (!(item instanceof JsonObject json)) {
      return Stream.empty();
    }
    var trip = id(json, "session");
    var provider = id(json, "provider");
    return trip.isEmpty() || provider.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new Underway(
                trip.get(), provider.get(), id(json, "link").orElse(null), continuation(json)));
  }

  private static Optional<UUID> id(JsonObject json, String member) {
    return json.getValue(member) instanceof String text ? Ids.parse(text) : Optional.empty();
  }

  private static Continuation continuation(JsonObject json) {
    var parameters = new LinkedHashMap<String, String>();
    if (json.getValue("post_auth_action") instanceof JsonObject action) {
      action.forEach(part -> parameters.put(part.getKey(), String.valueOf(part.getValue())));
    }
    return Continuation.read(Parameters.of(parameters));
  }
}
