package latchkey.base.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import latchkey.base.config.Configuration;
import latchkey.base.database.DatabaseState;
import latchkey.base.web.ErrorAnswers;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Requesters;
import latchkey.world.Certificates;
import latchkey.world.House;
import latchkey.world.KeyEncoding;
import latchkey.world.Logs;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Listeners of all kinds beside those of the application, opened and closed as a test needs them.
@QuarkusTest
@WithTestResource(House.class)
@Timeout(60)
class ListenersBindTest {
  private static final Map<String, KeyPair> PAIRS = new HashMap<>();

  @Inject World world;
  @Inject Vertx vertx;
  @Inject RequestLog log;
  @Inject RequestMetrics metrics;
  @Inject MeterRegistry meters;
  @Inject ErrorAnswers errors;
  @Inject DatabaseState database;

  @TempDir Path folder;

  private final List<Listeners> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(Listeners::close);
  }

  @Test
  void without_a_host_every_address_of_the_machine_answers() throws Exception {
    int port = freePort();
    open("binds: [{port: " + port + "}]");

    assertThat(ask(new InetSocketAddress("127.0.0.1", port))).startsWith("HTTP/1.1 200");
    assertThat(ask(new InetSocketAddress("::1", port))).startsWith("HTTP/1.1 200");
  }

  @Test
  void port_0_is_one_that_is_free_and_the_log_names_it() throws Exception {
    for (var bind : List.of("host: localhost, port: 0", "address: '127.0.0.1:0'", "port: 0")) {
      int port = loggedPort("binds: [{" + bind + "}]");

      // Often enough for every event loop to have its turn.
      for (int i = 0; i < 20; i++) {
        assertThat(ask(new InetSocketAddress("127.0.0.1", port))).startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void the_name_of_a_listener_is_a_label_of_its_figures() throws Exception {
    int port = loggedPort("name: counted\n    binds: [{host: localhost, port: 0}]");
    var there = new InetSocketAddress("localhost", port);

    ask(there);
    ask(there, "", "/nowhere", "");

    assertThat(counted("GET", "/connection-info", "200")).isEqualTo(1);
    assertThat(counted("GET", "FALLBACK", "404")).isEqualTo(1);
    assertThat(World.http().get("/metrics").asString())
        .contains("http_server_duration_milliseconds_bucket{")
        .contains("mas_listener_name=\"counted\"");
  }

  @Test
  void a_caller_that_left_is_counted_as_the_log_tells_it_and_a_stop_does_not_wait_for_it()
      throws Exception {
    int port = freePort();
    open("oauth", "name: counted\n    binds: [{host: localhost, port: " + port + "}]");

    try (var logs = Logs.of("http.server.response");
        var socket = new Socket("localhost", port)) {
      var half =
          "POST /oauth2/introspect HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
              + "Content-Type: application/x-www-form-urlencoded\r\n\r\ntoken=";
      socket.getOutputStream().write(half.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      // Long enough for a room to wait for the rest.
      Thread.sleep(300);
      socket.close();

      assertThat(counted("POST", "/oauth2/introspect", "499")).isEqualTo(1);
      assertThat(logs.texts()).anyMatch(line -> line.contains("/oauth2/introspect HTTP/1.1\" 499"));
    }
    long begun = System.nanoTime();
    close();
    opened.clear();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void below_a_prefix_the_log_knows_routes_too() throws Exception {
    int port = freePort();
    int introspecting = freePort();
    open("health", "binds: [{host: localhost, port: " + port + "}]\n    prefix: /below");
    open("oauth", "binds: [{host: localhost, port: " + introspecting + "}]\n    prefix: /below");
    var token = world.logIn(world.alice(), world.aPublicClient(), World.device()).access();

    try (var logs = Logs.of("http.server.response")) {
      RestAssured.given()
          .header("Authorization", "Bearer " + House.homeserverSecret())
          .formParam("token", token)
          .post("http://localhost:" + introspecting + "/below/oauth2/introspect")
          .then()
          .statusCode(200);
      ask(new InetSocketAddress("localhost", port), "", "/below/health", "");

      World.within(
          Duration.ofSeconds(10),
          () -> logs.texts().stream().anyMatch(line -> line.contains("/below/health ")));
      assertThat(logs.texts()).noneMatch(line -> line.contains("introspect"));
    }
  }

  /// Counted once the answer is out, which its reader may see first.
  private long counted(String method, String route, String status) throws InterruptedException {
    for (int tries = 0; tries < 100; tries++) {
      var found =
          meters
              .find("http.server.duration")
              .tags("mas.listener.name", "counted", "http.route", route)
              .tags("http.response.status_code", status, "http.request.method", method)
              .summary();
      if (found != null) {
        return found.count();
      }
      Thread.sleep(50);
    }
    return 0;
  }

  private int loggedPort(String entry) throws Exception {
    try (var logs = Logs.of(Listeners.class)) {
      open(entry);
      var line = logs.texts().getFirst();
      return Integer.parseInt(line.replaceFirst(".*:(\\d+) for connection-info", "$1"));
    }
  }

  @Test
  void an_address_is_bound_as_it_is_written() throws Exception {
    int port = freePort();
    open("binds: [{address: '[::1]:" + port + "'}, {address: '127.0.0.1:" + port + "'}]");

    assertThat(ask(new InetSocketAddress("::1", port))).startsWith("HTTP/1.1 200");
    assertThat(ask(new InetSocketAddress("127.0.0.1", port))).startsWith("HTTP/1.1 200");
  }

  @Test
  void a_port_that_is_taken_is_told_in_a_plain_sentence() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> open("binds: [{host: 127.0.0.1, port: " + port + "}]"))
          .isInstanceOf(Listeners.CannotListen.class)
          .hasMessage("cannot listen on 127.0.0.1:" + port + ": Address already in use");
    }
    assertThatThrownBy(() -> open("binds: [{host: nowhere.invalid, port: 1}]"))
        .isInstanceOf(Listeners.CannotListen.class)
        .hasMessageContaining("cannot listen on nowhere.invalid:1: ");
  }

  @Test
  void a_unix_socket_survives_restarts_over_the_one_left_behind_and_keeps_its_mode()
      throws Exception {
    var socket = folder.resolve("s");
    var bind = "binds: [{socket: '" + socket + "', mode: '660'}]";

    for (int start = 0; start < 3; start++) {
      open(bind);

      assertThat(ask(UnixDomainSocketAddress.of(socket))).startsWith("HTTP/1.1 200");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-rw----");
      opened.removeLast().close();
      assertThat(socket).as("left behind").exists();
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsOnly("s", "f.yaml");
    }
  }

  @Test
  void a_start_that_is_refused_leaves_a_running_server_its_socket() throws Exception {
    var socket = UnixDomainSocketAddress.of(folder.resolve("s"));
    int taken = freePort();
    open("binds: [{socket: '" + folder + "/s'}, {host: localhost, port: " + taken + "}]");
    int free = freePort();
    var same =
        "binds: [{socket: '%1$s/s'}, {host: localhost, port: %2$d}, {socket: '%1$s/t'}, {host: localhost, port: %3$d}]"
            .formatted(folder, free, taken);
    // As in a process of its own: servers of one Vert.x share a bind.
    var another = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));

    assertThatThrownBy(() -> open(another, same))
        .isInstanceOf(Listeners.CannotListen.class)
        .hasMessageContaining("cannot listen on localhost:" + taken);

    assertThat(ask(socket)).startsWith("HTTP/1.1 200");
    assertThat(ask(new InetSocketAddress("localhost", taken))).startsWith("HTTP/1.1 200");
    assertThatThrownBy(() -> ask(new InetSocketAddress("localhost", free)))
        .isInstanceOf(ConnectException.class);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsOnly("s", "f.yaml");
    }
    another.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void what_is_no_socket_is_never_replaced_by_one() throws Exception {
    var file = Files.writeString(folder.resolve("precious"), "data");

    assertThatThrownBy(() -> open("binds: [{socket: '" + file + "'}]"))
        .isInstanceOf(Listeners.CannotListen.class)
        .hasMessageContaining("something else than a socket");
    assertThat(file).hasContent("data");
    assertThatThrownBy(() -> open("binds: [{socket: '" + folder + "/none/s'}]"))
        .isInstanceOf(Listeners.CannotListen.class)
        .hasMessageContaining("cannot listen on unix:" + folder + "/none/s");
  }

  @ParameterizedTest
  @EnumSource(KeyEncoding.class)
  void tls_takes_a_key_in_any_encoding_from_a_file_or_inline(KeyEncoding how) throws Exception {
    for (var type : List.of("RSA", "secp256r1", "secp384r1")) {
      var pair = PAIRS.computeIfAbsent(type, KeyEncoding::pair);
      var pem = Certificates.selfSigned("of " + type, pair, "localhost");
      var certificate = Files.writeString(folder.resolve("c"), pem);
      var key = Files.write(folder.resolve("k"), how.encode(pair.getPrivate(), "geheim"));
      var password = Files.writeString(folder.resolve("p"), "geheim");
      var fromFiles =
          "{certificate_file: '%s', key_file: '%s'%s}"
              .formatted(
                  certificate, key, how.isEncrypted() ? ", password_file: '" + password + "'" : "");

      assertThat(nameUnder(fromFiles)).isEqualTo("CN=of " + type);
      if (how.isPem()) {
        var inline =
            "\n      certificate: |\n"
                + pem.indent(8)
                + "      key: |\n"
                + how.text(pair.getPrivate(), "geheim").indent(8)
                + (how.isEncrypted() ? "      password: geheim\n" : "");
        assertThat(nameUnder(inline)).isEqualTo("CN=of " + type);
      }
    }
  }

  private String nameUnder(String tls) throws Exception {
    int port = freePort();
    open("binds: [{host: localhost, port: " + port + "}]\n    tls: " + tls);
    try (var socket =
        (SSLSocket)
            Certificates.trustingAnybody().getSocketFactory().createSocket("localhost", port)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/below", "/below/"})
  void a_prefix_is_the_same_with_and_without_a_slash_at_its_end(String prefix) throws Exception {
    int port = freePort();
    open("binds: [{host: localhost, port: " + port + "}]\n    prefix: " + prefix);
    var there = new InetSocketAddress("localhost", port);

    assertThat(ask(there, "", "/below/connection-info", "")).startsWith("HTTP/1.1 200");
    assertThat(ask(there, "", "/connection-info", "")).startsWith("HTTP/1.1 404");
  }

  @Test
  void the_second_version_of_the_proxy_protocol_is_understood_too() throws Exception {
    int port = freePort();
    open("binds: [{host: localhost, port: " + port + "}]\n    proxy_protocol: true");
    var header = new StringBuilder("\r\n\r\n\0\r\nQUIT\n");
    // Version 2, PROXY, TCP over IPv4, 12 bytes: 198.51.100.7:4711 to 127.0.0.1:80.
    for (int b : new int[] {0x21, 0x11, 0, 12, 198, 51, 100, 7, 127, 0, 0, 1, 18, 103, 0, 80}) {
      header.append((char) b);
    }
    var six = "PROXY TCP6 2001:db8::7 ::1 4711 80\r\n";

    var there = new InetSocketAddress("localhost", port);
    assertThat(ask(there, header.toString(), "/connection-info", ""))
        .contains("client address:   198.51.100.7");
    assertThat(ask(there, six, "/connection-info", ""))
        .contains("client address:   2001:db8:0:0:0:0:0:7");
  }

  @Test
  void other_paths_get_the_page_of_a_listener_that_has_nothing_there() throws Exception {
    int port = freePort();
    open("binds: [{host: localhost, port: " + port + "}]");

    assertThat(ask(new InetSocketAddress("localhost", port), "", "/nowhere", ""))
        .startsWith("HTTP/1.1 404")
        .containsIgnoringCase("content-type: text/html")
        .contains("There is nothing at this address.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls", "proxy_protocol"})
  @Tag("slow")
  void who_connects_and_says_nothing_is_hung_up_on_within_seconds(String kind) throws Exception {
    var pair = KeyEncoding.pair("secp256r1");
    var certificate = Files.writeString(folder.resolve("c"), Certificates.selfSigned("x", pair));
    var key = Files.write(folder.resolve("k"), KeyEncoding.PKCS8_PEM.encode(pair.getPrivate(), ""));
    int port = freePort();
    open(
        "binds: [{host: localhost, port: "
            + port
            + "}]\n    "
            + (kind.equals("tls")
                ? "tls: {certificate_file: '" + certificate + "', key_file: '" + key + "'}"
                : "proxy_protocol: true"));

    try (var socket = new Socket("localhost", port)) {
      socket.setSoTimeout(10_000);
      long begin = System.nanoTime();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      assertThat((System.nanoTime() - begin) / 1e9).isBetween(4.0, 8.0);
    }
  }

  @Test
  void a_peer_that_is_not_trusted_names_nobody_and_a_trusted_one_the_last_it_does_not_trust()
      throws Exception {
    var trusted = "127.0.0.1, 10.0.0.0/8";

    assertThat(addressSeen("10.9.9.9", "203.0.113.5")).isEqualTo("127.0.0.1");
    assertThat(addressSeen(trusted, "203.0.113.5")).isEqualTo("203.0.113.5");
    assertThat(addressSeen(trusted, "6.6.6.6,203.0.113.5 ,10.1.2.3")).isEqualTo("203.0.113.5");
    assertThat(addressSeen(trusted, "::ffff:203.0.113.5")).isEqualTo("203.0.113.5");
    assertThat(addressSeen(trusted, "203.0.113.5\r\nX-Forwarded-For: 203.0.113.6"))
        .isEqualTo("203.0.113.6");
    assertThat(addressSeen(trusted, "10.1.1.1, 10.2.2.2")).isEqualTo("10.1.1.1");
    assertThat(addressSeen(trusted, "localhost")).isEqualTo("127.0.0.1");
  }

  private String addressSeen(String proxies, String forwarded) throws Exception {
    var file =
        Files.writeString(
            folder.resolve("f.yaml"),
            "http: {public_base: 'https://p/', trusted_proxies: [" + proxies + "]}");
    var root = Configuration.load(List.of(file), Map.of()).root(true);
    var requesters = new Requesters(HttpConfig.read(root));
    var server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end(requesters.of(request).ipAddress()))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    try {
      var answer =
          ask(
              new InetSocketAddress("127.0.0.1", server.actualPort()),
              "",
              "/",
              "X-Forwarded-For: " + forwarded + "\r\n");
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    } finally {
      server.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  /// Opens one listener for /connection-info; the rest of its entry is given.
  private void open(String entry) throws Exception {
    open(vertx, "connection-info", entry);
  }

  private void open(Vertx vertx, String entry) throws Exception {
    open(vertx, "connection-info", entry);
  }

  private void open(String resource, String entry) throws Exception {
    open(vertx, resource, entry);
  }

  private void open(Vertx vertx, String resource, String entry) throws Exception {
    var file =
        Files.writeString(
            folder.resolve("f.yaml"),
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
    var listeners = new Listeners(vertx, config, new Gate(log, metrics, errors, database));
    opened.add(listeners);
    listeners.open();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String ask(SocketAddress address) throws IOException {
    return ask(address, "", "/connection-info", "");
  }

  private static String ask(SocketAddress address, String before, String path, String headers)
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
