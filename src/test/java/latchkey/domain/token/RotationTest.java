package latchkey.domain.token;

import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import latchkey.world.World.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
@Tag("RFC9700-4.14")
class RotationTest {
  private static final String HOME = "203.0.113.7";
  private static final String ELSEWHERE = "198.51.100.9";

  @Inject World world;

  private Person alice;
  private String client;
  private String device;
  private Tokens first;

  @BeforeEach
  void alice_is_signed_in() {
    alice = world.alice();
    client = world.aPublicClient();
    device = World.device();
    first = world.logIn(alice, client, device);
  }

  @Test
  void the_current_token_rotates() {
    var second = tokens(world.refresh(client, first.refresh()));

    assertThat(second.refresh()).isNotEqualTo(first.refresh());
    assertThat(second.scope()).isEqualTo(first.scope());
    assertThat(world.isActive(second.access())).isTrue();
  }

  @Test
  void a_lost_answer_is_repeated_however_late_while_its_tokens_are_unused() {
    var second = tokens(world.refresh(client, first.refresh()));

    world.clock().advance(Duration.ofHours(30));
    var again = tokens(world.refresh(client, first.refresh()));

    assertThat(again.refresh()).isEqualTo(second.refresh());
    assertThat(again.access()).isNotEqualTo(second.access());
    assertThat(world.isActive(again.access())).isTrue();
  }

  @Test
  void a_repeat_brings_the_same_access_token_while_half_its_life_is_left() {
    var second = tokens(world.refresh(client, first.refresh()));

    world.clock().advance(Duration.ofSeconds(100));
    var again = world.refresh(client, first.refresh());

    assertThat(tokens(again).access()).isEqualTo(second.access());
    assertThat(again.jsonPath().getInt("expires_in")).isBetween(180, 200);
  }

  @Test
  void two_processes_with_one_store_get_the_same_tokens_within_the_leeway() {
    var second = tokens(world.refresh(client, first.refresh()));
    use(second);

    var other = tokens(world.refresh(client, first.refresh()));

    assertThat(other.refresh()).isEqualTo(second.refresh());
  }

  @Test
  void an_old_token_from_the_network_that_rotated_is_told_to_come_back_while_things_settle() {
    use(tokens(world.refresh(client, first.refresh())));
    world.clock().advance(Duration.ofSeconds(60));

    var answer = world.refresh(client, first.refresh(), "js-sdk", "203.0.113.99");

    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("error", equalTo("temporarily_unavailable"))
        .body("errcode", nullValue());
    assertThat(isLive()).isTrue();
  }

  @Test
  void an_old_token_after_its_successor_was_used_ends_the_session_and_removes_the_device() {
    var second = tokens(world.refresh(client, first.refresh()));
    use(second);
    world.clock().advance(Duration.ofMinutes(5));

    var answer = world.refresh(client, first.refresh());

    answer.then().statusCode(400).body("error", equalTo("invalid_grant"));
    world
        .refresh(client, second.refresh())
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
    assertThat(world.isActive(second.access())).isFalse();
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
    assertThat(audited("refresh_token_reused")).isEqualTo(1);
  }

  @Test
  void a_thief_elsewhere_is_caught_at_once_although_things_have_not_settled() {
    use(tokens(world.refresh(client, first.refresh(), "js-sdk", HOME)));
    world.clock().advance(Duration.ofSeconds(60));

    var answer = world.refresh(client, first.refresh(), "js-sdk", ELSEWHERE);

    answer.then().statusCode(400).body("error", equalTo("invalid_grant"));
    assertThat(isLive()).isFalse();
  }

  @Test
  void a_token_two_generations_old_is_no_lost_answer() {
    var second = tokens(world.refresh(client, first.refresh()));
    tokens(world.refresh(client, second.refresh()));
    world.clock().advance(Duration.ofMinutes(5));

    world.refresh(client, first.refresh()).then().statusCode(400);

    assertThat(isLive()).isFalse();
  }

  @Test
  void a_token_newer_than_the_row_means_the_database_forgot_and_is_followed() {
    var second = tokens(world.refresh(client, first.refresh()));
    World.sql(
        "update latchkey.oauth_sessions set generation = 0 where device_id = '" + device + "'");

    var third = tokens(world.refresh(client, second.refresh()));

    assertThat(world.isActive(third.access())).isTrue();
    assertThat(generation()).isEqualTo(2);
    assertThat(audited("lost_rotation_adopted")).isEqualTo(1);
  }

  @Test
  void sixty_four_at_once_get_the_same_answer_and_make_one_branch() throws Exception {
    var refreshes = new ArrayList<Callable<Response>>();
    for (int i = 0; i < 64; i++) {
      refreshes.add(() -> world.refresh(client, first.refresh()));
    }

    var answers = new HashSet<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(refreshes)) {
        answers.add(tokens(answer.get()).refresh());
      }
    }

    assertThat(answers).hasSize(1);
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void another_client_cannot_use_the_token_and_changes_nothing() {
    var other = world.register(metadataOf("Other")).jsonPath().getString("client_id");

    world
        .refresh(other, first.refresh())
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));

    assertThat(isLive()).isTrue();
    tokens(world.refresh(client, first.refresh()));
  }

  @Test
  void a_locked_user_is_told_to_come_back_because_locking_can_be_undone() {
    World.sql("update latchkey.users set locked_at = now() where id = '" + alice.id() + "'");

    world.refresh(client, first.refresh()).then().statusCode(503);
    World.sql("update latchkey.users set locked_at = null where id = '" + alice.id() + "'");

    tokens(world.refresh(client, first.refresh()));
  }

  @Test
  void a_session_that_is_missing_from_the_database_is_a_loss_and_nobody_is_logged_out() {
    World.sql("update latchkey.authorization_grants set session_id = null");
    World.sql("delete from latchkey.oauth_sessions where device_id = '" + device + "'");

    world.refresh(client, first.refresh()).then().statusCode(503);
    world.clock().advance(Duration.ofSeconds(3));
    world.introspect(first.access()).then().statusCode(503);

    // Accepted for good, it would let every later loss pass.
    World.sql("delete from latchkey.lost_sessions");
  }

  @Test
  void a_lockstep_thief_in_another_place_is_reported_within_three_generations() {
    var current = first;
    for (int i = 0; i < 3; i++) {
      var stolen = tokens(world.refresh(client, current.refresh(), "thief", ELSEWHERE));
      var victims = tokens(world.refresh(client, current.refresh(), "js-sdk", HOME));
      assertThat(victims.refresh()).isEqualTo(stolen.refresh());
      current = victims;
    }

    assertThat(audited("refresh_suspicion")).isEqualTo(1);
    assertThat(isLive()).isTrue();
  }

  @Test
  void two_tabs_in_one_place_are_never_suspicious() {
    var current = first;
    for (int i = 0; i < 5; i++) {
      tokens(world.refresh(client, current.refresh(), "js-sdk", "203.0.113.7"));
      current = tokens(world.refresh(client, current.refresh(), "js-sdk", "203.0.113.8"));
    }

    assertThat(audited("refresh_suspicion")).isZero();
  }

  private void use(Tokens tokens) {
    assertThat(world.isActive(tokens.access())).isTrue();
    world.flush();
  }

  private boolean isLive() {
    return World.count(
            "select count(*) from latchkey.oauth_sessions where finished_at is null and device_id = '"
                + device
                + "'")
        == 1;
  }

  private long generation() {
    return World.count(
        "select generation from latchkey.oauth_sessions where device_id = '" + device + "'");
  }

  private long audited(String kind) {
    return World.count(
        "select count(*) from latchkey.audit_events where kind = '"
            + kind
            + "' and user_id = '"
            + alice.id()
            + "'");
  }

  private static java.util.Map<String, Object> metadataOf(String name) {
    var metadata = World.metadata();
    metadata.put("client_name", name);
    return metadata;
  }
}
