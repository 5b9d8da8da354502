package latchkey.endpoint.oauth2.token;

import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
@Tag("RFC6749-4.1.3")
class CodeExchangeTest {
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
  void a_code_repeated_at_once_by_its_client_is_refused_and_nothing_more() {
    var tokens = tokens(world.exchange(client, code));

    world.exchange(client, code).then().statusCode(400).body("error", equalTo("invalid_grant"));

    assertThat(world.isActive(tokens.access())).isTrue();
  }

  @Test
  @Tag("RFC6749-4.1.2")
  void a_code_used_again_later_ends_the_session() {
    var tokens = tokens(world.exchange(client, code));
    world.clock().advance(Duration.ofSeconds(25));

    world.exchange(client, code).then().statusCode(400).body("error", equalTo("invalid_grant"));

    assertThat(world.isActive(tokens.access())).isFalse();
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
  }

  @Test
  void a_code_replayed_without_its_verifier_ends_the_session_at_once() {
    var tokens = tokens(world.exchange(client, code));

    world.exchange(client, code, Map.of("code_verifier", "x".repeat(43))).then().statusCode(400);

    assertThat(world.isActive(tokens.access())).isFalse();
  }

  @Test
  void a_code_is_good_for_a_minute() {
    world.clock().advance(Duration.ofSeconds(55));
    tokens(world.exchange(client, code));

    var late = world.code(alice, client, World.scope(device));
    world.clock().advance(Duration.ofSeconds(61));
    world.exchange(client, late).then().statusCode(400).body("error", equalTo("invalid_grant"));
  }

  @Test
  void a_code_of_another_client_is_refused_and_stays_good() {
    var metadata = World.metadata();
    metadata.put("client_name", "Somebody else");
    var other = world.register(metadata).jsonPath().getString("client_id");

    world.exchange(other, code).then().statusCode(400).body("error", equalTo("invalid_grant"));

    tokens(world.exchange(client, code));
  }

  @Test
  @Tag("RFC7636-4.6")
  void the_verifier_must_fit_and_be_there() {
    world
        .exchange(client, code, Map.of("code_verifier", "a".repeat(43)))
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
    world
        .exchange(client, code, Map.of("code_verifier", ""))
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_request"));

    tokens(world.exchange(client, code));
  }

  @Test
  void the_redirect_uri_must_be_the_one_of_the_request() {
    for (var uri : new String[] {"", "https://app.example.org/other", World.REDIRECT_URI + "/"}) {
      world
          .exchange(client, code, Map.of("redirect_uri", uri))
          .then()
          .statusCode(400)
          .body("error", equalTo("invalid_grant"));
    }

    tokens(world.exchange(client, code));
  }

  @Test
  void a_homeserver_that_is_away_leaves_the_code_good() {
    world.homeserver().goAway();

    world
        .exchange(client, code)
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("error", equalTo("temporarily_unavailable"))
        .body("errcode", nullValue());
    assertThat(
            World.count(
                "select count(*) from latchkey.oauth_sessions where opened_at is null and device_id = '"
                    + device
                    + "'"))
        .isEqualTo(1);
    world.homeserver().comeBack();

    var tokens = tokens(world.exchange(client, code));
    assertThat(world.isActive(tokens.access())).isTrue();
    assertThat(
            World.count(
                "select count(*) from latchkey.oauth_sessions where device_id = '" + device + "'"))
        .isEqualTo(1);
  }

  @Test
  void while_a_code_is_being_exchanged_the_same_code_is_told_to_come_back() throws Exception {
    world.homeserver().answerAfter(Duration.ofSeconds(2));

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> world.exchange(client, code));
      Thread.sleep(700);
      world
          .exchange(client, code)
          .then()
          .statusCode(503)
          .body("error", equalTo("temporarily_unavailable"));
      tokens(first.get());
    }
  }

  @Test
  void many_exchanges_of_one_code_at_once_open_one_session() throws Exception {
    var exchanges = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 16; i++) {
      exchanges.add(() -> world.exchange(client, code).statusCode());
    }

    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var status : threads.invokeAll(exchanges)) {
        statuses.add(status.get());
      }
    }

    assertThat(statuses).containsOnlyOnce(200).containsAnyOf(200, 400, 503);
    assertThat(statuses).doesNotContain(500);
    assertThat(
            World.count(
                "select count(*) from latchkey.oauth_sessions where device_id = '" + device + "'"))
        .isEqualTo(1);
  }

  @Test
  void a_new_session_on_a_device_ends_the_one_before_and_keeps_the_device() {
    var before = tokens(world.exchange(client, code));

    var after = world.logIn(alice, client, device);
    world.runJobs();

    assertThat(world.isActive(before.access())).isFalse();
    assertThat(world.isActive(after.access())).isTrue();
    assertThat(world.homeserver().devices(alice.username())).contains(device);
  }

  @Test
  void a_code_of_a_browser_that_signed_out_is_worthless() {
    var browser = new Browser();
    var path = World.authorize(client, Map.of("scope", World.scope(World.device())));
    var answer = world.consent(browser, alice, path).answer();
    browser.submit("/logout", browser.get("/"), Map.of());

    world
        .exchange(client, answer.get("code"))
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
  }
}
