package latchkey.base.web;

import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/// Opens one Vert.x server per configured bind and hands what passes the [Gate] to Quarkus's
/// router. Quarkus's own socket is off, so a route answers only where its group is mounted.
@Singleton
public class Listeners {
  private static final Logger LOG = Logger.getLogger(Listeners.class);

  private static final int MAX_HEADERS = 16 * 1024;

  /// Above what the gate refuses in the dialect of the route; beyond this nobody knows the route
  /// any more.
  private static final int MAX_LINE = 64 * 1024;

  private static final int EVENT_LOOPS =
      Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
  private static final Duration IDLE = Duration.ofMinutes(2);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

  private final Vertx vertx;
  private final HttpConfig config;
  private final Gate gate;
  private final List<HttpServer> servers = new ArrayList<>();

  Listeners(Vertx vertx, HttpConfig config, Gate gate) {
    this.vertx = vertx;
    this.config = config;
    this.gate = gate;
  }

  /// A bind that cannot be opened, in words for the admin.
  public static final class CannotListen extends Exception {
    CannotListen(String message, Throwable cause) {
      super(message, cause);
    }
  }

  public void open() throws CannotListen {
    for (var listener : config.listeners()) {
      var groups = groups(listener);
      for (var bind : listener.binds()) {
        open(bind.host(), bind.port(), groups);
        LOG.infof("listening on http://%s:%d for %s", bind.host(), bind.port(), names(listener));
      }
    }
  }

  /// Stops taking requests, lets the running ones finish until the deadline, closes.
  public void close() {
    gate.drain(STOP_DEADLINE);
    for (var server : servers) {
      await(server.close());
    }
    servers.clear();
  }

  /// One server per event loop: Vert.x spreads the connections of one address over them.
  private void open(String host, int port, Set<Group> groups) throws CannotListen {
    for (int i = 0; i < EVENT_LOOPS; i++) {
      var server =
          vertx
              .createHttpServer(options())
              .requestHandler(gate.handler(groups, VertxHttpRecorder.getRootHandler()))
              .invalidRequestHandler(gate.invalidRequestHandler());
      try {
        servers.add(server.listen(port, host).toCompletionStage().toCompletableFuture().join());
      } catch (CompletionException e) {
        var cause = e.getCause() == null ? e : e.getCause();
        throw new CannotListen(
            "cannot listen on " + host + ":" + port + ": " + cause.getMessage(), cause);
      }
    }
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxHeaderSize(MAX_HEADERS)
        .setMaxInitialLineLength(MAX_LINE)
        .setInitialSettings(new Http2Settings().setMaxHeaderListSize(MAX_HEADERS))
        .setIdleTimeout((int) IDLE.toSeconds())
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setTcpNoDelay(true)
        .setReuseAddress(true);
  }

  private static Set<Group> groups(HttpConfig.Listener listener) {
    var groups = EnumSet.noneOf(Group.class);
    for (var resource : listener.resources()) {
      Group.named(resource.name()).ifPresent(groups::add);
    }
    return groups;
  }

  private static String names(HttpConfig.Listener listener) {
    var names = new ArrayList<String>();
    listener.resources().forEach(resource -> names.add(resource.name()));
    return String.join(", ", names);
  }

  private static void await(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warnf("a listener did not close cleanly: %s", e.getMessage());
    }
  }
}
