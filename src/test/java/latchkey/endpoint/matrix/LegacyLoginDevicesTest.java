package latchkey.endpoint.matrix;

import static latchkey.world.World.count;
import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `POST /login` of the Matrix client-server API, and the devices it opens.
@QuarkusTest
@WithTestResource(House.class)
class LegacyLoginDevicesTest {
  private static final String API =
      "urn:matrix:client:api:* urn:matrix:org.matrix.msc2967.client:api:*";

  @Inject World world;

  private Person alice;

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
  }

  @AfterEach
  void the_homeserver_is_back() {
    world.homeserver().comeBack();
  }

  @Test
  void a_device_may_have_a_name_that_no_scope_can_carry() {
    var device = "Alices \"Gerät\" №1";

    var token =
        world
            .legacyLogIn(alice, Map.of("device_id", device))
            .then()
            .statusCode(200)
            .body("device_id", equalTo(device))
            .extract()
            .<String>path("access_token");

    world.introspect(token).then().body("device_id", equalTo(device)).body("scope", equalTo(API));
    introspectAsOfOld(token).then().body("active", equalTo(false));
  }

  @Test
  void a_homeserver_that_reads_scopes_only_finds_the_device_there() {
    var device = World.device();
    var token =
        world
            .legacyLogIn(alice, Map.of("device_id", device))
            .then()
            .extract()
            .<String>path("access_token");

    introspectAsOfOld(token)
        .then()
        .body("active", equalTo(true))
        .body(
            "scope",
            equalTo(
                "urn:matrix:client:api:* urn:matrix:client:device:%1$s urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:%1$s"
                    .formatted(device)));
  }

  private static Response introspectAsOfOld(String token) {
    return http()
        .header("Authorization", "Bearer " + House.homeserverSecret())
        .formParam("token", token)
        .post("/oauth2/introspect");
  }

  @ParameterizedTest
  @CsvSource({"1, 200", "255, 200", "256, 400"})
  void a_device_has_at_most_255_characters(int length, int status) {
    world.legacyLogIn(alice, Map.of("device_id", "Ä".repeat(length))).then().statusCode(status);
  }

  @Test
  void a_long_device_name_is_cut_to_what_the_homeserver_takes() {
    var device = World.device();

    world
        .legacyLogIn(
            alice, Map.of("device_id", device, "initial_device_display_name", "🦊".repeat(101)))
        .then()
        .statusCode(200);

    assertThat(world.homeserver().deviceName(alice.username(), device)).isEqualTo("🦊".repeat(100));
    assertThat(
            count(
                "select count(*) from latchkey.oauth_sessions where device_id = '%s' and human_name = '%s'"
                    .formatted(device, "🦊".repeat(100))))
        .isEqualTo(1);
  }

  @Test
  void a_homeserver_that_is_away_is_told_as_something_that_passes_and_leaves_nothing() {
    var device = World.device();
    world.homeserver().goAway();

    world
        .legacyLogIn(alice, Map.of("device_id", device))
        .then()
        .statusCode(503)
        .header("Retry-After", "2")
        .body("errcode", equalTo("M_UNKNOWN"))
        .body("retry_after_ms", equalTo(2000));

    assertThat(unfinished(device)).isZero();
    // It may have made the device although it did not say so.
    assertThat(
            count(
                "select count(*) from latchkey.scheduled_tasks where task_name = 'delete-device'"
                    + " and convert_from(task_data, 'UTF8') like '%"
                    + device
                    + "'"))
        .isEqualTo(1);
    world.homeserver().comeBack();
    world.legacyLogIn(alice, Map.of("device_id", device)).then().statusCode(200);
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).contains(device);
  }

  @Test
  void a_login_that_fails_leaves_the_session_that_was_there() {
    var device = World.device();
    var token = logIn(device);
    world.homeserver().goAway();

    world.legacyLogIn(alice, Map.of("device_id", device)).then().statusCode(503);
    world.homeserver().comeBack();
    world.runJobs();

    assertThat(world.isActive(token)).isTrue();
    assertThat(world.homeserver().devices(alice.username())).contains(device);
  }

  @Test
  void a_login_on_a_device_ends_what_held_it_and_keeps_the_device() {
    var device = World.device();
    var first = logIn(device);
    var oauth = world.logIn(alice, world.aPublicClient(), device).access();
    assertThat(world.isActive(first)).isFalse();

    var second = logIn(device);
    world.runJobs();

    assertThat(world.isActive(oauth)).isFalse();
    assertThat(world.isActive(second)).isTrue();
    assertThat(world.homeserver().devices(alice.username())).contains(device);
  }

  @Test
  void many_logins_on_one_device_at_once_leave_one_session() throws Exception {
    var device = World.device();
    var logins = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 8; i++) {
      logins.add(() -> world.legacyLogIn(alice, Map.of("device_id", device)).statusCode());
    }

    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var status : threads.invokeAll(logins)) {
        statuses.add(status.get());
      }
    }

    assertThat(statuses).contains(200).isSubsetOf(200, 503);
    assertThat(unfinished(device)).isEqualTo(1);
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).containsExactly(device);
  }

  private static long unfinished(String device) {
    return count(
        "select count(*) from latchkey.oauth_sessions where finished_at is null and device_id = '%s'"
            .formatted(device));
  }

  private String logIn(String device) {
    return world
        .legacyLogIn(alice, Map.of("device_id", device))
        .then()
        .statusCode(200)
        .extract()
        .path("access_token");
  }
}
