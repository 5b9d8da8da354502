package latchkey.base.listener;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.base.database.DatabaseState;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.Bodies;
import latchkey.base.web.ErrorAnswers;
import latchkey.base.web.ErrorAnswers.Answer;
import latchkey.base.web.Group;
import latchkey.base.web.Parameters;
import latchkey.base.web.Routes;
import org.jspecify.annotations.Nullable;

/// What every request passes before the router sees it: its name for the log, its route and group,
/// CORS, method, size, and whether the database it needs is there. Runs on the event loop and never
/// blocks.
@Singleton
class Gate {
  private static final int LONGEST_ADDRESS = 8 * 1024;

  private final RequestLog log;
  private final RequestMetrics metrics;
  private final ErrorAnswers errors;
  private final DatabaseState database;
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean draining;

  Gate(RequestLog log, RequestMetrics metrics, ErrorAnswers errors, DatabaseState database) {
    this.log = log;
    this.metrics = metrics;
    this.errors = errors;
    this.database = database;
  }

  /// What one listener lets through: the groups it mounts, below its prefix.
  Handler<HttpServerRequest> handler(ListenerConfig listener, Handler<HttpServerRequest> router) {
    var mounted = listener.groups();
    return outer -> {
      if (listener.proxyProtocol()) {
        // The PROXY header has named the client; what the client itself says counts for nothing.
        outer.headers().remove("X-Forwarded-For");
      }
      var request = BelowPrefix.of(outer, listener.prefix());
      var path = request.flatMap(Gate::path);
      var route = path.flatMap(Routes::find).filter(found -> mounted.contains(found.group()));
      var end = begin(outer, listener, route);
      if (request.isEmpty() || route.isEmpty()) {
        refuse(outer, errors.unknownPath(path.orElse(""), outer));
      } else {
        pass(WatchedRequest.of(request.get(), end), route.get(), router);
      }
    };
  }

  /// Requests that are no HTTP at all, or too long to be any of ours.
  Handler<HttpServerRequest> invalidRequestHandler(ListenerConfig listener) {
    return request -> {
      begin(request, listener, Optional.empty());
      var cause = request.decoderResult() == null ? null : request.decoderResult().cause();
      closeAfter(request);
      send(request, errors.invalidRequest(status(cause), request));
      request.connection().close();
    };
  }

  /// Counts the request until its answer is out, or its caller gone, whichever comes first.
  ///
  /// @return what to do then, for whoever else may hear of it
  private Runnable begin(
      HttpServerRequest request, ListenerConfig listener, Optional<Routes.Route> route) {
    running.incrementAndGet();
    long started = System.nanoTime();
    log.begin(request);
    var over = new AtomicBoolean();
    Runnable end =
        () -> {
          if (over.compareAndSet(false, true)) {
            running.decrementAndGet();
            int status = log.end(request, route);
            metrics.count(listener.name(), route, request, status, System.nanoTime() - started);
          }
        };
    request.response().bodyEndHandler(_ -> end.run());
    request.response().closeHandler(_ -> end.run());
    return end;
  }

  /// Refuses what comes now, waits for what is running.
  void drain(Duration deadline) {
    draining = true;
    long until = System.nanoTime() + deadline.toNanos();
    while (running.get() > 0 && System.nanoTime() < until) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void pass(
      HttpServerRequest request, Routes.Route route, Handler<HttpServerRequest> router) {
    setCommonHeaders(request, route.group());
    if (request.method() == HttpMethod.OPTIONS && route.group().cors() != Group.Cors.NONE) {
      // The Matrix specification asks for 200.
      request.response().setStatusCode(route.group() == Group.COMPAT ? 200 : 204).end();
    } else if (!route.methods().contains(request.method().name())) {
      request.response().putHeader("Allow", String.join(", ", route.methods()));
      refuse(request, errors.methodNotAllowed(route, request));
    } else if (String.valueOf(request.uri()).length() > LONGEST_ADDRESS) {
      refuse(request, errors.of(route, tooLong(), request));
    } else if (!hasReadableQuery(request)) {
      refuse(request, errors.of(route, unreadable(), request));
    } else if (contentLength(request) > Bodies.LIMIT) {
      closeAfter(request);
      refuse(request, errors.of(route, Bodies.tooLarge(), request));
    } else if (draining && !isServedToTheEnd(route)) {
      refuse(request, errors.of(route, stopping(), request));
    } else if (route.needsDatabaseFor(request.method().name()) && !database.isReady()) {
      refuse(request, errors.of(route, away(), request));
    } else {
      if (route.group() == Group.COMPAT) {
        replaceUnreadableType(request);
      }
      router.handle(request);
    }
  }

  /// Documents: clients log out at an error of `auth_metadata`.
  private static boolean isServedToTheEnd(Routes.Route route) {
    return route.group() == Group.DISCOVERY
        || route.group() == Group.ASSETS
        || route.path().equals(Routes.KEYS);
  }

  /// The router would refuse it in nobody's words, and where the body does not matter, neither does
  /// its type.
  private static void replaceUnreadableType(HttpServerRequest request) {
    var type = request.getHeader("Content-Type");
    if (type != null && !type.matches("[^\\s/;]+/[^\\s/;]+\\s*(;.*)?")) {
      request.headers().set("Content-Type", "application/octet-stream");
    }
  }

  private static void setCommonHeaders(HttpServerRequest request, Group group) {
    var headers = request.response().headers();
    headers.set("X-Content-Type-Options", "nosniff");
    if (group.cors() != Group.Cors.NONE) {
      headers.set("Access-Control-Allow-Origin", "*");
      if (request.method() == HttpMethod.OPTIONS) {
        headers.set("Access-Control-Allow-Methods", "*");
        headers.set("Access-Control-Allow-Headers", group.cors().headers());
        headers.set("Access-Control-Max-Age", "3600");
      }
    } else if (group == Group.HUMAN) {
      headers.set("X-Frame-Options", "DENY");
      headers.set("Referrer-Policy", "same-origin");
    }
  }

  private static OAuthProblem tooLong() {
    return OAuthProblem.of(OAuthError.INVALID_REQUEST, 414, "The address is too long.");
  }

  private static OAuthProblem unreadable() {
    return OAuthProblem.of(OAuthError.INVALID_REQUEST, "The address cannot be read.");
  }

  /// The router would answer a broken one on its own, in nobody's dialect.
  private static boolean hasReadableQuery(HttpServerRequest request) {
    var query = request.query();
    if (query == null) {
      return true;
    }
    try {
      Parameters.parse(query.getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (Parameters.Malformed e) {
      return false;
    }
  }

  private static DomainProblem away() {
    return DomainProblem.unavailable(
        DatabaseState.RETRY_AFTER, "Latchkey cannot reach its database.", null);
  }

  private static DomainProblem stopping() {
    return DomainProblem.unavailable(
        DatabaseState.RETRY_AFTER, "Latchkey is stopping; another one may be there already.", null);
  }

  private void refuse(HttpServerRequest request, Answer answer) {
    send(request, answer);
  }

  private static void send(HttpServerRequest request, Answer answer) {
    var response = request.response().setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    response.end(answer.body());
  }

  /// The path, if it can mean only one thing. The router decodes and tidies paths before it chooses
  /// a room; one that would then be another path than the one judged here is nobody's.
  private static Optional<String> path(HttpServerRequest request) {
    var raw = request.path();
    if (raw == null || raw.contains("//") || raw.indexOf(';') >= 0 || raw.indexOf('\\') >= 0) {
      return Optional.empty();
    }
    for (var segment : raw.split("/", -1)) {
      var plain = decoded(segment);
      if (plain.isEmpty() || plain.get().equals(".") || plain.get().equals("..")) {
        return Optional.empty();
      }
    }
    return Optional.of(raw);
  }

  /// A segment without its percent-encoding; nothing if that is broken or hides a separator.
  private static Optional<String> decoded(String segment) {
    if (segment.indexOf('%') < 0) {
      return Optional.of(segment);
    }
    try {
      var plain = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
      boolean hides = plain.indexOf('/') >= 0 || plain.indexOf('\\') >= 0 || plain.indexOf(0) >= 0;
      return hides ? Optional.empty() : Optional.of(plain);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// HTTP/2 has no such header.
  private static void closeAfter(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader("Connection", "close");
    }
  }

  private static long contentLength(HttpServerRequest request) {
    var length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static int status(@Nullable Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ -> 414;
      case TooLongFrameException _ -> 431;
      case null, default -> 400;
    };
  }
}
