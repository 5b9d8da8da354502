package latchkey.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import latchkey.base.system.Randomness;
import org.jspecify.annotations.Nullable;

/// A small OAuth client: signs in, shows what it got, refreshes, introspects, revokes, signs out.
/// What it holds it forgets when it stops.
public final class DemoClient implements AutoCloseable {
  static final String CALLBACK = "/callback";
  private static final String COOKIE = "demo";

  /// What one browser has: a login under way, or tokens, and the last answer to show.
  static final class Visit {
    volatile @Nullable String state;
    volatile @Nullable String verifier;
    volatile @Nullable JsonObject tokens;
    volatile @Nullable String told;
    volatile @Nullable JsonObject shown;
  }

  private final HttpServer server;
  private final DemoTokens tokens;
  private final Randomness randomness;
  private final Map<String, Visit> visits = new ConcurrentHashMap<>();

  /// @throws IOException if the port is taken
  public DemoClient(int port, DemoTokens tokens, Randomness randomness) throws IOException {
    this.tokens = tokens;
    this.randomness = randomness;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
  }

  public void start() {
    server.start();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var visit = visit(exchange);
      var route = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      switch (route) {
        case "GET /" -> page(exchange, DemoPages.home(visit, tokens.latchkeyUrl()));
        case "GET /style.css" -> send(exchange, 200, "text/css; charset=utf-8", DemoPages.style());
        case "GET /login" -> redirect(exchange, tokens.authorizeUrl(visit, randomness));
        case "GET /callback" -> callback(exchange, visit);
        case "POST /refresh" -> act(exchange, visit, "The tokens were refreshed.", tokens::refresh);
        case "POST /introspect" ->
            act(exchange, visit, "What the server says of the access token:", tokens::introspect);
        case "POST /revoke" ->
            act(exchange, visit, "The tokens are revoked: the session has ended.", tokens::revoke);
        case "POST /signout" -> {
          forget(visit);
          redirect(exchange, "/");
        }
        default -> send(exchange, 404, "text/plain; charset=utf-8", "There is nothing here.\n");
      }
    }
  }

  private interface Act {
    JsonObject on(Visit visit) throws IOException, InterruptedException;
  }

  private static void act(HttpExchange exchange, Visit visit, String told, Act act)
      throws IOException {
    try {
      var shown = act.on(visit);
      visit.told = shown.containsKey("error") ? "The server refused:" : told;
      visit.shown = shown;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      visit.told = "Latchkey does not answer. Is it still running?";
      visit.shown = null;
    }
    redirect(exchange, "/");
  }

  private void callback(HttpExchange exchange, Visit visit) throws IOException {
    var answer = query(exchange);
    var state = visit.state;
    if (state == null || !state.equals(answer.get("state"))) {
      visit.told = "That answer does not belong to a login of this browser.";
      redirect(exchange, "/");
    } else if (answer.containsKey("error")) {
      visit.told = "You said no, or the server did: " + answer.get("error");
      redirect(exchange, "/");
    } else {
      act(exchange, visit, "Signed in.", v -> tokens.exchange(v, answer.getOrDefault("code", "")));
    }
  }

  private static void forget(Visit visit) {
    visit.tokens = null;
    visit.shown = null;
    visit.told = "This client has forgotten its tokens.";
  }

  private Visit visit(HttpExchange exchange) {
    var known = cookie(exchange).flatMap(id -> Optional.ofNullable(visits.get(id)));
    if (known.isPresent()) {
      return known.get();
    }
    var id = randomness.alphanumeric(32);
    var visit = new Visit();
    visits.put(id, visit);
    exchange
        .getResponseHeaders()
        .add("Set-Cookie", COOKIE + "=" + id + "; Path=/; HttpOnly; SameSite=Lax");
    return visit;
  }

  private static Optional<String> cookie(HttpExchange exchange) {
    var header = exchange.getRequestHeaders().getFirst("Cookie");
    if (header != null) {
      for (var cookie : header.split("; ", -1)) {
        if (cookie.startsWith(COOKIE + "=")) {
          return Optional.of(cookie.substring(COOKIE.length() + 1));
        }
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> query(HttpExchange exchange) {
    var answer = new HashMap<String, String>();
    var query = exchange.getRequestURI().getRawQuery();
    if (query != null) {
      for (var pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          answer.put(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
      }
    }
    return answer;
  }

  private static void page(HttpExchange exchange, String html) throws IOException {
    send(exchange, 200, "text/html; charset=utf-8", html);
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(303, -1);
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
