package latchkey.base.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Requesters;
import latchkey.world.Doors;
import latchkey.world.House;
import latchkey.world.Logs;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a listener makes of a request: its prefix, its caller's address, its line and its figures.
@QuarkusTest
@WithTestResource(House.class)
@Timeout(60)
class ListenersRequestsTest {
  @Inject TestListeners listeners;
  @Inject World world;
  @Inject Vertx vertx;
  @Inject MeterRegistry meters;

  @TempDir Path folder;

  @AfterEach
  void close() {
    listeners.close();
  }

  @Test
  void the_name_of_a_listener_is_a_label_of_its_figures() throws Exception {
    int port = listeners.loggedPort("name: counted\n    binds: [{host: localhost, port: 0}]");
    var there = new InetSocketAddress("localhost", port);

    TestListeners.ask(there);
    TestListeners.ask(there, "", "/nowhere", "");

    assertThat(counted("GET", "/connection-info", "200")).isEqualTo(1);
    assertThat(counted("GET", "FALLBACK", "404")).isEqualTo(1);
    assertThat(World.http().get("/metrics").asString())
        .contains("http_server_duration_milliseconds_bucket{")
        .contains("mas_listener_name=\"counted\"");
  }

  @Test
  void a_caller_that_left_is_counted_as_the_log_tells_it_and_a_stop_does_not_wait_for_it()
      throws Exception {
    int port = Doors.freePort();
    listeners.open("oauth", "name: counted\n    binds: [{host: localhost, port: " + port + "}]");

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
    listeners.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void below_a_prefix_the_log_knows_routes_too() throws Exception {
    int port = Doors.freePort();
    int introspecting = Doors.freePort();
    listeners.open("health", "binds: [{host: localhost, port: " + port + "}]\n    prefix: /below");
    listeners.open(
        "oauth", "binds: [{host: localhost, port: " + introspecting + "}]\n    prefix: /below");
    var token = world.logIn(world.alice(), world.aPublicClient(), World.device()).access();

    try (var logs = Logs.of("http.server.response")) {
      RestAssured.given()
          .header("Authorization", "Bearer " + House.homeserverSecret())
          .formParam("token", token)
          .post("http://localhost:" + introspecting + "/below/oauth2/introspect")
          .then()
          .statusCode(200);
      TestListeners.ask(new InetSocketAddress("localhost", port), "", "/below/health", "");

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

  @ParameterizedTest
  @ValueSource(strings = {"/below", "/below/"})
  void a_prefix_is_the_same_with_and_without_a_slash_at_its_end(String prefix) throws Exception {
    int port = Doors.freePort();
    listeners.open("binds: [{host: localhost, port: " + port + "}]\n    prefix: " + prefix);
    var there = new InetSocketAddress("localhost", port);

    assertThat(TestListeners.ask(there, "", "/below/connection-info", ""))
        .startsWith("HTTP/1.1 200");
    assertThat(TestListeners.ask(there, "", "/connection-info", "")).startsWith("HTTP/1.1 404");
  }

  @Test
  void other_paths_get_the_page_of_a_listener_that_has_nothing_there() throws Exception {
    int port = Doors.freePort();
    listeners.open("binds: [{host: localhost, port: " + port + "}]");

    assertThat(TestListeners.ask(new InetSocketAddress("localhost", port), "", "/nowhere", ""))
        .startsWith("HTTP/1.1 404")
        .containsIgnoringCase("content-type: text/html")
        .contains("There is nothing at this address.");
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
          TestListeners.ask(
              new InetSocketAddress("127.0.0.1", server.actualPort()),
              "",
              "/",
              "X-Forwarded-For: " + forwarded + "\r\n");
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    } finally {
      server.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
