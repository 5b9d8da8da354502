package latchkey.endpoint.oauth2.token;

import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import latchkey.base.system.Ids;
import latchkey.base.web.ProblemMapper;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.Logs;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is left when an exchange fails half-way, and what the admin hears of it.
@QuarkusTest
@WithTestResource(House.class)
class FailedExchangeTest {
  @Inject World world;

  private Person alice;
  private String client;
  private String device;
  private String code;

  @BeforeEach
  void alice_has_consented() {
    alice = world.alice();
    client = world.aPublicClient();
    device = World.device();
    code = world.code(alice, client, World.scope(device));
  }

  @AfterEach
  void the_homeserver_is_back() {
    world.homeserver().comeBack();
  }

  @Test
  void a_mistake_of_ours_is_a_500_with_its_stack_and_the_code_is_free_again_at_once() {
    world.homeserver().meanwhile(FailedExchangeTest::stumble);

    try (var logs = Logs.of(ProblemMapper.class)) {
      world.exchange(client, code).then().statusCode(500).body("error", equalTo("server_error"));
      assertThat(logs.lines()).anyMatch(Logs.Line::hasStack);
    }

    tokens(world.exchange(client, code));
  }

  private static void stumble() {
    throw new IllegalStateException("a bug");
  }

  @Test
  void a_503_leaves_its_reason_in_the_log() {
    world.homeserver().goAway();

    try (var logs = Logs.of(ProblemMapper.class)) {
      world.exchange(client, code).then().statusCode(503);

      assertThat(logs.texts())
          .containsOnlyOnce("Please try again in a moment.: the homeserver is away");
    }
  }

  @Test
  void of_two_codes_for_one_device_the_second_takes_it_over() throws Exception {
    var otherCode = world.code(alice, client, World.scope(device));
    world.homeserver().goAway();
    world.exchange(client, otherCode).then().statusCode(503);
    world.homeserver().comeBack();

    // The other exchange is just opening its session, and has not committed.
    try (var connection = House.database().getConnection();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute(
            "update latchkey.oauth_sessions set opened_at = now() where device_id = '%s'"
                .formatted(device));
      }
      var exchange = threads.submit(() -> world.exchange(client, code));
      awaitSomebodyWaiting();
      connection.commit();

      assertThat(world.isActive(tokens(exchange.get()).access())).isTrue();
    }
    assertThat(sessions("finished_at is null")).isEqualTo(1);
    assertThat(sessions("finished_reason = 'device_reused'")).isEqualTo(1);
  }

  @Test
  void a_session_that_ends_during_its_opening_leaves_the_code_good_for_a_new_one() {
    var before = world.logIn(alice, client, device);
    world.homeserver().meanwhile(() -> finish("opened_at is null"));

    world.exchange(client, code).then().statusCode(503);
    assertThat(world.isActive(before.access())).isTrue();

    var after = tokens(world.exchange(client, code));
    assertThat(world.isActive(after.access())).isTrue();
    assertThat(sessions("finished_at is null")).isEqualTo(1);
  }

  @Test
  void a_session_that_ended_before_its_retry_is_not_gone_on_with() {
    world.homeserver().goAway();
    world.exchange(client, code).then().statusCode(503);
    world.homeserver().comeBack();
    finish("opened_at is null");

    var tokens = tokens(world.exchange(client, code));

    assertThat(world.isActive(tokens.access())).isTrue();
    assertThat(sessions("true")).isEqualTo(2);
  }

  @Test
  void a_device_announced_for_a_session_that_had_ended_is_taken_away_again() {
    world.homeserver().meanwhile(() -> finish("opened_at is null"));
    world.exchange(client, code).then().statusCode(503);
    world.clock().advance(Duration.ofMinutes(2));

    world.runJobs();

    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
  }

  @Test
  void without_a_key_for_the_clients_algorithm_the_code_is_not_spent() {
    var metadata = World.metadata();
    metadata.put("client_name", "Ahead of its time");
    var modern = world.register(metadata).jsonPath().getString("client_id");
    setAlgorithm(modern, "EdDSA");
    var path = World.authorize(modern, Map.of());
    var itsCode = world.consent(new Browser(), alice, path).answer().get("code");

    try (var logs = Logs.of(ProblemMapper.class)) {
      world
          .exchange(modern, itsCode)
          .then()
          .statusCode(503)
          .body("error", equalTo("temporarily_unavailable"));
      assertThat(logs.texts()).anyMatch(line -> line.contains("secrets.keys signs EdDSA"));
    }

    assertThat(
            World.count(
                "select count(*) from latchkey.authorization_grants where exchanged_at is not null and client_id = '%s'"
                    .formatted(Ids.parse(modern).orElseThrow())))
        .isZero();
  }

  private static void setAlgorithm(String client, String algorithm) {
    World.sql(
        "update latchkey.clients set id_token_signed_response_alg = '%s' where id = '%s'"
            .formatted(algorithm, Ids.parse(client).orElseThrow()));
  }

  private void finish(String which) {
    World.sql(
        "update latchkey.oauth_sessions set finished_at = now(), finished_reason = 'test' where device_id = '%s' and %s"
            .formatted(device, which));
  }

  private long sessions(String which) {
    return World.count(
        "select count(*) from latchkey.oauth_sessions where device_id = '%s' and %s"
            .formatted(device, which));
  }

  private static void awaitSomebodyWaiting() throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      if (World.count("select count(*) from pg_locks where not granted") > 0) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("nobody waits for a lock");
  }
}
