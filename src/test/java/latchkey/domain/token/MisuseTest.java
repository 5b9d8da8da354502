package latchkey.domain.token;

import static latchkey.world.World.count;
import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import latchkey.world.House;
import latchkey.world.Logs;
import latchkey.world.World;
import latchkey.world.World.Person;
import latchkey.world.World.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Who hears of a session that was ended, or of a suspicion. What cannot be told is not done.
@QuarkusTest
@WithTestResource(House.class)
@Tag("RFC9700-4.14")
class MisuseTest {
  private static final String ENGINE = "latchkey.token.engine";
  private static final String HOME = "203.0.113.7";
  private static final String ELSEWHERE = "198.51.100.9";

  @Inject World world;

  private Person alice;
  private String client;
  private String device;

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
    client = world.aPublicClient();
    device = World.device();
  }

  @AfterEach
  void events_can_be_stored_again() {
    World.sql("alter table latchkey.audit_events drop constraint if exists nothing_of_alice");
  }

  @Test
  @Tag("RFC6749-4.1.2")
  void a_code_used_again_is_audited_counted_and_logged_with_its_session() {
    var code = world.code(alice, client, World.scope(device));
    tokens(world.exchange(client, code));
    world.clock().advance(Duration.ofSeconds(25));
    double before = events("code_reused");

    try (var logs = Logs.of(ENGINE)) {
      world.exchange(client, code).then().statusCode(400);
      world.exchange(client, code).then().statusCode(400);

      assertThat(logs.texts())
          .singleElement()
          .asString()
          .startsWith("code_reused session=")
          .contains("device=" + device, "presented=code", "client.address=127.0.0.1");
    }

    assertThat(audited("code_reused", "details ->> 'device_id' = '" + device + "'")).isEqualTo(1);
    assertThat(audited("code_reused", "details ->> 'ip_address' = '127.0.0.1'")).isEqualTo(1);
    assertThat(events("code_reused") - before).isEqualTo(1);
  }

  @Test
  void a_doubled_request_is_no_misuse_and_nobody_is_told() {
    var code = world.code(alice, client, World.scope(device));
    tokens(world.exchange(client, code));

    world.exchange(client, code).then().statusCode(400);

    assertThat(audited("code_reused", "true")).isZero();
  }

  @Test
  void a_reuse_that_cannot_be_recorded_ends_nothing_and_is_found_again() {
    var first = world.logIn(alice, client, device);
    var second = tokens(world.refresh(client, first.refresh()));
    assertThat(world.isActive(second.access())).isTrue();
    world.flush();
    world.clock().advance(Duration.ofMinutes(5));

    forbidEvents();
    world.refresh(client, first.refresh()).then().statusCode(500);
    assertThat(isLive()).isTrue();

    events_can_be_stored_again();
    world.refresh(client, first.refresh()).then().statusCode(400);
    assertThat(isLive()).isFalse();
    assertThat(audited("refresh_token_reused", "true")).isEqualTo(1);
  }

  @Test
  void a_suspicion_that_cannot_be_recorded_does_not_count_as_told() {
    var current = world.logIn(alice, client, device);
    current = collide(collide(current));

    forbidEvents();
    world.refresh(client, current.refresh(), "thief", ELSEWHERE).then().statusCode(200);
    world.refresh(client, current.refresh(), "js-sdk", HOME).then().statusCode(500);
    assertThat(audited("refresh_suspicion", "true")).isZero();

    events_can_be_stored_again();
    tokens(world.refresh(client, current.refresh(), "js-sdk", HOME));
    assertThat(audited("refresh_suspicion", "true")).isEqualTo(1);
  }

  @Test
  void a_lost_rotation_that_cannot_be_recorded_is_not_followed_yet() {
    var first = world.logIn(alice, client, device);
    var second = tokens(world.refresh(client, first.refresh()));
    World.sql(
        "update latchkey.oauth_sessions set generation = 0 where device_id = '%s'"
            .formatted(device));

    forbidEvents();
    world.refresh(client, second.refresh()).then().statusCode(500);
    assertThat(
            count(
                "select generation from latchkey.oauth_sessions where device_id = '"
                    + device
                    + "'"))
        .isZero();

    events_can_be_stored_again();
    tokens(world.refresh(client, second.refresh()));
    assertThat(audited("lost_rotation_adopted", "true")).isEqualTo(1);
  }

  /// A generation that the thief rotates and the victim is given too.
  private Tokens collide(Tokens current) {
    tokens(world.refresh(client, current.refresh(), "thief", ELSEWHERE));
    return tokens(world.refresh(client, current.refresh(), "js-sdk", HOME));
  }

  private void forbidEvents() {
    World.sql(
        "alter table latchkey.audit_events add constraint nothing_of_alice check (user_id <> '%s') not valid"
            .formatted(alice.id()));
  }

  private boolean isLive() {
    return count(
            "select count(*) from latchkey.oauth_sessions where finished_at is null and device_id ="
                + " '"
                + device
                + "'")
        == 1;
  }

  private long audited(String kind, String which) {
    return count(
        "select count(*) from latchkey.audit_events where kind = '%s' and user_id = '%s' and %s"
            .formatted(kind, alice.id(), which));
  }

  private static double events(String kind) {
    return World.http()
        .get("/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith("latchkey_token_events_total{kind=\"" + kind + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
