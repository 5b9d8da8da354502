package latchkey.world;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// The part of Synapse that Latchkey calls (`/_synapse/mas/*`), over real HTTP, for processes that
/// cannot be handed a [FakeHomeserver]. It remembers devices, and it can hang, fail, or be gone.
public final class SynapseStandIn implements AutoCloseable {
  private final Map<String, Set<String>> devices = new ConcurrentHashMap<>();
  private final AtomicInteger hanging = new AtomicInteger();
  private final int port;
  private volatile HttpServer server;
  private volatile CountDownLatch answer = new CountDownLatch(0);
  private volatile int status = 200;
  private volatile Duration slowness = Duration.ZERO;

  public SynapseStandIn() {
    server = listen(0);
    port = server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  public Set<String> devices(String localpart) {
    return Set.copyOf(devicesOf(localpart));
  }

  /// Takes requests and does not answer until [#answer].
  public void hang() {
    answer = new CountDownLatch(1);
  }

  /// How many requests wait for an answer.
  public int hanging() {
    return hanging.get();
  }

  /// Takes up to this long over each request, before and after it does what it was asked.
  public void slow(Duration atMost) {
    slowness = atMost;
  }

  /// Answers every request with this status.
  public void fail(int status) {
    this.status = status;
  }

  /// Nobody listens any more.
  public void refuse() {
    server.stop(0);
  }

  /// All is well again.
  public void answer() {
    status = 200;
    answer.countDown();
    try {
      server = listen(port);
    } catch (UncheckedIOException e) {
      // it listens already
    }
  }

  @Override
  public void close() {
    answer.countDown();
    server.stop(0);
  }

  private HttpServer listen(int at) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), at);
      var http = HttpServer.create(address, 200);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.createContext("/_synapse/mas/", this::take);
      http.start();
      return http;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    var text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    hanging.incrementAndGet();
    try {
      answer.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      hanging.decrementAndGet();
    }
    dawdle();
    if (status == 200) {
      apply(
          exchange.getRequestURI().getPath(),
          text.isBlank() ? new JsonObject() : new JsonObject(text));
    }
    dawdle();
    var body = "{}".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void dawdle() {
    long most = slowness.toMillis();
    if (most > 0) {
      Replica.pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2 + 1)));
    }
  }

  private void apply(String path, JsonObject call) {
    var held = devicesOf(call.getString("localpart", ""));
    switch (path.substring(path.lastIndexOf('/') + 1)) {
      case "upsert_device" -> held.add(call.getString("device_id"));
      case "delete_device" -> held.remove(call.getString("device_id"));
      case "sync_devices" -> {
        var wanted = call.getJsonArray("devices", new JsonArray()).getList();
        held.retainAll(wanted);
        wanted.forEach(device -> held.add(String.valueOf(device)));
      }
      default -> {}
    }
  }

  private Set<String> devicesOf(String localpart) {
    return devices.computeIfAbsent(localpart, _ -> ConcurrentHashMap.newKeySet());
  }
}
