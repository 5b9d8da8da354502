package latchkey.base.listener;

import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Opens one Vert.x server per configured bind and hands what passes the [Gate] to Quarkus's
/// router. Quarkus's own socket is off, so a route answers only where its group is mounted.
@Singleton
public class Listeners {
  private static final Logger LOG = Logger.getLogger(Listeners.class);

  private static final int EVENT_LOOPS =
      Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

  private final Vertx vertx;
  private final ListenersConfig config;
  private final Gate gate;
  private final List<Opened> opened = new ArrayList<>();
  private final List<SocketFile> sockets = new ArrayList<>();
  private int randomPorts;

  /// A listener with its certificate, and its servers: as many per bind as there are event loops.
  private record Opened(
      ListenerConfig listener, @Nullable CertificateHolder certificate, List<HttpServer> servers) {}

  /// A bind that was opened, as it turned out: with the address and the port that were free.
  private record Bound(Bind where, List<HttpServer> servers) {}

  Listeners(Vertx vertx, ListenersConfig config, Gate gate) {
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

  /// All or nothing: sockets take the place of those that are there only when every bind was
  /// possible, so that a start that is refused leaves a server that runs as it was.
  public void open() throws CannotListen {
    var said = new ArrayList<String>();
    try {
      for (var listener : config.listeners()) {
        var open = new Opened(listener, certificate(listener), new ArrayList<>());
        opened.add(open);
        for (var bind : listener.binds()) {
          var bound = open(open, bind);
          open.servers().addAll(bound.servers());
          said.add("listening on " + url(listener, bound.where()) + " for " + names(listener));
        }
      }
      moveSocketsIntoPlace();
    } catch (CannotListen e) {
      giveUp();
      throw e;
    }
    said.forEach(LOG::info);
  }

  private void moveSocketsIntoPlace() throws CannotListen {
    for (var socket : sockets) {
      try {
        socket.moveIntoPlace();
      } catch (IOException e) {
        throw cannot(socket.unix(), e);
      }
    }
    sockets.clear();
  }

  private void giveUp() {
    opened.forEach(listener -> listener.servers().forEach(server -> await(server.close())));
    opened.clear();
    sockets.forEach(SocketFile::remove);
    sockets.clear();
  }

  /// Reads the certificates again. A pair that cannot be used leaves the old one in place.
  public void reload() {
    for (var listener : opened) {
      if (listener.certificate() != null) {
        reload(listener.listener().name(), listener.certificate());
      }
    }
  }

  /// Stops taking requests, lets the running ones finish until the deadline, closes.
  public void close() {
    gate.drain(STOP_DEADLINE);
    for (var listener : opened) {
      listener.servers().forEach(server -> await(server.close()));
    }
    opened.clear();
  }

  private Bound open(Opened listener, Bind bind) throws CannotListen {
    return switch (bind) {
      case Bind.Tcp tcp -> openFirst(listener, tcp);
      case Bind.Unix unix -> new Bound(unix, openSocket(listener, unix));
    };
  }

  /// The addresses of a host in turn; the first that can be bound is used.
  private Bound openFirst(Opened listener, Bind.Tcp tcp) throws CannotListen {
    CannotListen failure = null;
    for (var host : addresses(tcp)) {
      try {
        var servers = listen(listener, tcp, address(tcp.port(), host));
        var name = tcp.host() == null ? host : tcp.host();
        return new Bound(new Bind.Tcp(name, servers.getFirst().actualPort()), servers);
      } catch (CannotListen e) {
        failure = failure == null ? e : failure;
      }
    }
    throw failure == null ? cannot(tcp, new UnknownHostException("no address")) : failure;
  }

  /// Port 0 is any that is free, and one for all event loops.
  private SocketAddress address(int port, String host) {
    return port == 0
        ? SocketAddress.sharedRandomPort(++randomPorts, host)
        : SocketAddress.inetSocketAddress(port, host);
  }

  private static List<String> addresses(Bind.Tcp tcp) throws CannotListen {
    if (tcp.host() == null) {
      return List.of("::", "0.0.0.0");
    }
    try {
      var addresses = new ArrayList<String>();
      for (var address : InetAddress.getAllByName(tcp.host())) {
        addresses.add(address.getHostAddress());
      }
      return addresses;
    } catch (UnknownHostException e) {
      throw cannot(tcp, new UnknownHostException("the host is unknown"));
    }
  }

  private List<HttpServer> openSocket(Opened listener, Bind.Unix unix) throws CannotListen {
    if (!vertx.isNativeTransportEnabled()) {
      throw cannot(unix, new IOException("Unix sockets need Linux on x86_64 or aarch64"));
    }
    try {
      var file = SocketFile.beside(unix);
      sockets.add(file);
      var servers =
          listen(listener, unix, SocketAddress.domainSocketAddress(file.path().toString()));
      file.setMode();
      return servers;
    } catch (IOException e) {
      throw cannot(unix, e);
    }
  }

  /// One server per event loop: Vert.x spreads the connections of one address over them.
  private List<HttpServer> listen(Opened listener, Bind bind, SocketAddress address)
      throws CannotListen {
    var servers = new ArrayList<HttpServer>();
    for (int i = 0; i < EVENT_LOOPS; i++) {
      try {
        var server =
            vertx
                .createHttpServer(ServerSettings.of(listener.listener(), listener.certificate()))
                .requestHandler(
                    gate.handler(listener.listener(), VertxHttpRecorder.getRootHandler()))
                .invalidRequestHandler(gate.invalidRequestHandler(listener.listener()));
        servers.add(server.listen(address).toCompletionStage().toCompletableFuture().join());
      } catch (CompletionException e) {
        servers.forEach(opened -> await(opened.close()));
        throw cannot(bind, e.getCause() == null ? e : e.getCause());
      }
    }
    return servers;
  }

  private static void reload(String name, CertificateHolder certificate) {
    try {
      certificate.reload();
      LOG.infof("the certificate of listener %s was read again", name);
    } catch (TlsConfig.Unusable e) {
      LOG.errorf("listener %s keeps its old certificate: %s", name, e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.errorf(e, "listener %s keeps its old certificate", name);
    }
  }

  private static @Nullable CertificateHolder certificate(ListenerConfig listener)
      throws CannotListen {
    try {
      return listener.tls().isPresent() ? new CertificateHolder(listener.tls().get()) : null;
    } catch (TlsConfig.Unusable e) {
      throw new CannotListen("listener " + listener.name() + ": " + e.getMessage(), e);
    }
  }

  private static CannotListen cannot(Bind bind, Throwable cause) {
    return new CannotListen("cannot listen on " + bind + ": " + reason(cause), cause);
  }

  private static @Nullable String reason(Throwable cause) {
    var message = cause.getMessage();
    // The native transport begins with a system call: "bind(..) failed with error(-98): ".
    return message == null ? null : SYSTEM_CALL.matcher(message).replaceFirst("");
  }

  private static String url(ListenerConfig listener, Bind bind) {
    var scheme = listener.tls().isPresent() ? "https://" : "http://";
    return (bind instanceof Bind.Tcp ? scheme : "") + bind + listener.prefix();
  }

  private static String names(ListenerConfig listener) {
    return String.join(", ", listener.resources());
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
