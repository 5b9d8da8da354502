package latchkey.base.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an admin finds in the log, and what nobody finds there.
@QuarkusTest
@WithTestResource(House.class)
class LogLinesTest {
  @Inject World world;

  private final Lines lines = new Lines();

  private static final class Lines extends Handler {
    private final List<ExtLogRecord> records = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void publish(LogRecord record) {
      var whole = ExtLogRecord.wrap(record);
      whole.copyMdc();
      records.add(whole);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    /// Those of requests, once there is one with `word`: a line follows its answer.
    List<ExtLogRecord> ofRequests(String word) {
      World.within(
          Duration.ofSeconds(10),
          () ->
              of("http.server.response").stream()
                  .anyMatch(line -> line.getFormattedMessage().contains(word)));
      return of("http.server.response");
    }

    List<ExtLogRecord> of(String logger) {
      return List.copyOf(records).stream()
          .filter(record -> logger.equals(record.getLoggerName()))
          .toList();
    }

    String text() {
      var formatter = new SimpleFormatter();
      var text = new StringBuilder();
      List.copyOf(records).forEach(record -> text.append(formatter.format(record)));
      return text.toString();
    }
  }

  @BeforeEach
  void listen() {
    Logger.getLogger("").addHandler(lines);
  }

  @AfterEach
  void stop() {
    Logger.getLogger("").removeHandler(lines);
  }

  @Test
  void a_request_leaves_one_line_of_the_known_shape() {
    world.awaitReady();

    new Browser("curl/8 \"quoted\"\t").get("/login?secret=geheim");

    assertThat(lines.ofRequests("/login"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getFormattedMessage())
                  .matches(
                      "\"GET /login HTTP/(1.1|2.0)\" 200 OK \"curl/8 'quoted'\\??\" \\[polls: 0, cpu: 0.0ms, elapsed: [0-9.]+ms\\] client.address=127.0.0.1");
              assertThat(line.getMdc("request")).matches("GET-\\d+");
            });
  }

  @Test
  void an_introspection_leaves_no_line_unless_it_is_refused() {
    var tokens = world.logIn(world.alice(), world.aPublicClient(), World.device());

    assertThat(world.isActive(tokens.access())).isTrue();
    World.http()
        .formParam("token", tokens.access())
        .post("/oauth2/introspect")
        .then()
        .statusCode(400);

    assertThat(lines.ofRequests("/oauth2/introspect"))
        .filteredOn(line -> line.getFormattedMessage().contains("/oauth2/introspect"))
        .singleElement()
        .satisfies(line -> assertThat(line.getFormattedMessage()).contains(" 400 "));
  }

  @Test
  void no_password_code_token_cookie_or_client_secret_is_ever_written() {
    var alice = world.alice();
    var client = world.aPublicClient();
    var browser = new Browser();
    var answer = world.consent(browser, alice, World.authorize(client, Map.of())).answer();
    var code = answer.get("code");
    var tokens = World.tokens(world.exchange(client, code));
    var next = World.tokens(world.refresh(client, tokens.refresh()));
    world.introspect(next.access());
    world.introspect(next.access().replace("mat_", "mat_x"));
    World.http()
        .formParams(
            Map.of(
                "grant_type",
                "refresh_token",
                "refresh_token",
                tokens.refresh(),
                "client_id",
                World.CONFIDENTIAL,
                "client_secret",
                World.CONFIDENTIAL_SECRET))
        .post("/oauth2/token");
    new Browser().get("/login?access_token=" + next.access());

    assertThat(lines.text())
        .contains("/oauth2/token")
        .doesNotContain(
            alice.password(),
            code,
            tokens.access(),
            tokens.refresh(),
            next.access(),
            next.refresh(),
            World.CONFIDENTIAL_SECRET,
            House.homeserverSecret());
  }

  @Test
  void what_is_logged_on_the_way_carries_the_name_of_its_request() {
    var alice = world.alice();
    var client = world.aPublicClient();
    var first = world.logIn(alice, client, World.device());
    var second = World.tokens(world.refresh(client, first.refresh()));
    World.tokens(world.refresh(client, second.refresh()));
    world.clock().advance(java.time.Duration.ofMinutes(5));

    world.refresh(client, first.refresh()).then().statusCode(400);

    assertThat(lines.of("latchkey.token.engine"))
        .singleElement()
        .satisfies(line -> assertThat(line.getMdc("request")).matches("POST-\\d+"));
  }

  @Test
  void what_is_no_http_at_all_leaves_a_line_too() throws Exception {
    world.awaitReady();
    try (var socket = new java.net.Socket("localhost", House.port())) {
      socket.getOutputStream().write("GET /login HTTP/1.1\r\nno header\r\n\r\n".getBytes());
      socket.getInputStream().readAllBytes();
    }

    // The line is written once the answer is out, so the caller may be faster.
    for (int i = 0; i < 100 && lines.of("http.server.response").isEmpty(); i++) {
      Thread.sleep(20);
    }
    assertThat(lines.of("http.server.response"))
        .singleElement()
        .satisfies(line -> assertThat(line.getFormattedMessage()).contains("\" 400 "));
  }
}
