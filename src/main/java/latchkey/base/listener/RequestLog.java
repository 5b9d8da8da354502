package latchkey.base.listener;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;
import java.util.Optional;
import latchkey.base.web.RequestIds;
import latchkey.base.web.Requesters;
import latchkey.base.web.Routes;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/// Writes the one line every request leaves (`cli-and-operations.md` 2.2): method, path without
/// query, status, agent, time. Nothing a client sent as a parameter, header value or body is in it,
/// the agent apart. An introspection that went well leaves its line at `debug` only: there are as
/// many as the homeserver has requests.
@Singleton
class RequestLog {
  private static final Logger LOG = Logger.getLogger("http.server.response");
  private static final String STARTED = "x-latchkey-started";

  private static final int GONE = 499;

  private final RequestIds ids = new RequestIds();
  private final Requesters requesters;

  RequestLog(Requesters requesters) {
    this.requesters = requesters;
  }

  void begin(HttpServerRequest request) {
    ids.assign(request);
    request.headers().set(STARTED, Long.toString(System.nanoTime()));
  }

  /// Writes the line. A caller that left before its answer was out is told by the status 499.
  ///
  /// @param route empty if it found none
  /// @return the status
  int end(HttpServerRequest request, Optional<Routes.Route> route) {
    int status = request.response().ended() ? request.response().getStatusCode() : GONE;
    write(request, route.map(Routes.Route::path).orElse(""), status);
    return status;
  }

  private void write(HttpServerRequest request, String route, int status) {
    var level = level(route, status);
    if (!LOG.isEnabled(level)) {
      return;
    }
    MDC.put(RequestIds.CONTEXT, request.getHeader(RequestIds.HEADER));
    try {
      LOG.log(level, line(request, status));
    } finally {
      MDC.remove(RequestIds.CONTEXT);
    }
  }

  /// "Not ready" is what a probe asks for, and no error of ours.
  private static Logger.Level level(String route, int status) {
    if (status < 400) {
      return Routes.INTROSPECT.equals(route) ? Logger.Level.DEBUG : Logger.Level.INFO;
    }
    return status < 500 || Routes.READY.equals(route) ? Logger.Level.WARN : Logger.Level.ERROR;
  }

  private String line(HttpServerRequest request, int status) {
    var who = requesters.of(request);
    long elapsed = System.nanoTime() - Long.parseLong(request.getHeader(STARTED));
    return "\"%s %s %s\" %d %s \"%s\" [polls: 0, cpu: 0.0ms, elapsed: %.1fms]%s"
        .formatted(
            request.method().name(),
            printable(request.path()),
            request.version() == HttpVersion.HTTP_2 ? "HTTP/2.0" : "HTTP/1.1",
            status,
            request.response().getStatusMessage(),
            who.userAgent() == null ? "-" : printable(who.userAgent()),
            elapsed / 1e6,
            who.ipAddress() == null ? "" : " client.address=" + who.ipAddress());
  }

  /// Nobody writes a second log line through the first.
  private static String printable(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text.replaceAll("[^\\x20-\\x7E]", "?").replace('"', '\'');
  }
}
