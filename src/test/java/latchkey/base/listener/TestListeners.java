package latchkey.base.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import latchkey.base.database.DatabaseState;
import latchkey.base.web.ErrorAnswers;
import latchkey.world.Logs;

/// Listeners of all kinds beside those of the application, opened as a test needs them, and a
/// caller that knows no more of HTTP than it must.
@Singleton
class TestListeners {
  private final Vertx vertx;
  private final RequestLog log;
  private final RequestMetrics metrics;
  private final ErrorAnswers errors;
  private final DatabaseState database;
  private final List<Listeners> opened = new ArrayList<>();

  TestListeners(
      Vertx vertx,
      RequestLog log,
      RequestMetrics metrics,
      ErrorAnswers errors,
      DatabaseState database) {
    this.vertx = vertx;
    this.log = log;
    this.metrics = metrics;
    this.errors = errors;
    this.database = database;
  }

  /// Opens one listener for /connection-info; the rest of its entry is given.
  void open(String entry) throws Exception {
    open(vertx, "connection-info", entry);
  }

  void open(Vertx vertx, String entry) throws Exception {
    open(vertx, "connection-info", entry);
  }

  void open(String resource, String entry) throws Exception {
    open(vertx, resource, entry);
  }

  private void open(Vertx vertx, String resource, String entry) throws Exception {
    var file = Files.createTempFile("listener", ".yaml");
    Files.writeString(
        file,
        """
        http:
          public_base: https://p/
          listeners:
            - resources: [{name: %s}]
        """
                .formatted(resource)
            + ("    " + entry).indent(2));
    var root = Configuration.load(List.of(file), Map.of()).root(true);
    var config = ListenersConfig.read(root);
    assertThat(root.faults().errors()).isEmpty();
    Files.delete(file);
    var listeners = new Listeners(vertx, config, new Gate(log, metrics, errors, database));
    opened.add(listeners);
    listeners.open();
  }

  /// Opens one at a port of the system's choice, which the log names.
  int loggedPort(String entry) throws Exception {
    try (var logs = Logs.of(Listeners.class)) {
      open(entry);
      var line = logs.texts().getFirst();
      return Integer.parseInt(line.replaceFirst(".*:(\\d+) for connection-info", "$1"));
    }
  }

  void closeLast() {
    opened.removeLast().close();
  }

  void close() {
    opened.forEach(Listeners::close);
    opened.clear();
  }

  static String ask(SocketAddress address) throws IOException {
    return ask(address, "", "/connection-info", "");
  }

  /// @param before what is sent before the request
  static String ask(SocketAddress address, String before, String path, String headers)
      throws IOException {
    var sent =
        before + "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n";
    try (var channel = SocketChannel.open(address)) {
      channel.write(ByteBuffer.wrap(sent.getBytes(StandardCharsets.ISO_8859_1)));
      var answer = new StringBuilder();
      var buffer = ByteBuffer.allocate(8192);
      while (channel.read(buffer) >= 0) {
        answer.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        buffer.clear();
      }
      return answer.toString();
    }
  }
}
