package latchkey.domain.token;

import static latchkey.world.World.count;
import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import latchkey.world.TunedHouse;
import latchkey.world.World;
import latchkey.world.World.Person;
import latchkey.world.World.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `leeway: 0`, `settling: 0`, `on_suspicion: end`.
@Tag("slow")
@QuarkusTest
@WithTestResource(TunedHouse.class)
class StrictRefreshTest {
  private static final String HOME = "203.0.113.7";
  private static final String HOME_IPV6 = "2001:db8:1:2::7";
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
  void a_lost_answer_is_still_repeated() {
    var second = tokens(world.refresh(client, first.refresh()));

    assertThat(tokens(world.refresh(client, first.refresh()))).isEqualTo(second);
  }

  @Test
  void without_leeway_and_settling_a_second_use_is_judged_at_once() {
    var second = tokens(world.refresh(client, first.refresh()));
    assertThat(world.isActive(second.access())).isTrue();

    world
        .refresh(client, first.refresh())
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));

    assertThat(finished("refresh_token_reused")).isTrue();
  }

  @Test
  void a_lockstep_thief_in_another_network_with_another_program_costs_the_session() {
    var current = first;
    for (int i = 0; i < 2; i++) {
      tokens(world.refresh(client, current.refresh(), "thief", ELSEWHERE));
      current = tokens(world.refresh(client, current.refresh(), "js-sdk", HOME));
    }
    var stolen = tokens(world.refresh(client, current.refresh(), "thief", ELSEWHERE));

    world.refresh(client, current.refresh(), "js-sdk", HOME).then().statusCode(400);

    assertThat(finished("suspicion")).isTrue();
    assertThat(suspicions()).isEqualTo(1);
    assertThat(world.isActive(stolen.access())).isFalse();
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
  }

  @Test
  void another_network_alone_is_told_and_costs_nothing() {
    var current = first;
    for (int i = 0; i < 4; i++) {
      tokens(world.refresh(client, current.refresh(), "js-sdk", ELSEWHERE));
      current = tokens(world.refresh(client, current.refresh(), "js-sdk", HOME));
    }

    assertThat(suspicions()).isEqualTo(1);
    assertThat(world.isActive(current.access())).isTrue();
  }

  @Test
  void ipv4_against_ipv6_is_no_difference_by_itself() {
    var current = first;
    for (int i = 0; i < 5; i++) {
      tokens(world.refresh(client, current.refresh(), "js-sdk", HOME));
      current = tokens(world.refresh(client, current.refresh(), "js-sdk", HOME_IPV6));
    }

    assertThat(suspicions()).isZero();
    assertThat(world.isActive(current.access())).isTrue();
  }

  private boolean finished(String reason) {
    return count(
            "select count(*) from latchkey.oauth_sessions where device_id = '%s' and finished_reason = '%s'"
                .formatted(device, reason))
        == 1;
  }

  private long suspicions() {
    return count(
        "select count(*) from latchkey.audit_events where kind = 'refresh_suspicion' and user_id ="
            + " '"
            + alice.id()
            + "'");
  }
}
