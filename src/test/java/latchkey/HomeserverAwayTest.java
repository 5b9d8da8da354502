package latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import latchkey.base.system.Ids;
import latchkey.domain.homeserver.HomeserverProblem.Kind;
import latchkey.domain.lifecycle.AccountStateRepository;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The homeserver is away for an hour, under logins and logouts of both kinds. Logins that need a
/// device are told to come back; everything else is taken, and has arrived after it returned.
@QuarkusTest
@WithTestResource(House.class)
class HomeserverAwayTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject World world;
  @Inject Ids ids;

  @AfterEach
  void it_is_back() {
    world.homeserver().comeBack();
    world.runJobs();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNREACHABLE", "TIMEOUT", "WRONG_SECRET", "SERVER_ERROR"})
  @Tag("slow")
  void after_an_hour_without_it_all_has_arrived_and_devices_are_equal(Kind trouble)
      throws SQLException {
    var client = world.aPublicClient();
    var people = new ArrayList<Person>();
    var leaving = new ArrayList<String>();
    for (int i = 0; i < 4; i++) {
      var person = world.alice();
      people.add(person);
      leaving.add(world.logIn(person, client, World.device()).access());
      legacyLogIn(person).then().statusCode(200);
    }
    world.runJobs();
    people.forEach(person -> assertThat(devicesThere(person)).hasSize(2));

    world.homeserver().goAway(trouble);
    int begin = world.homeserver().calls();
    var newcomer = world.alice();
    for (int tenMinutes = 0; tenMinutes < 6; tenMinutes++) {
      var person = people.get(tenMinutes % people.size());
      // A login that needs its device.
      legacyLogIn(person)
          .then()
          .statusCode(503)
          .header("Retry-After", org.hamcrest.Matchers.notNullValue());
      // Somebody else's: what is left of the one above may still be on its way.
      var other = people.get((tenMinutes + 1) % people.size());
      var code = world.code(other, client, World.scope(World.device()));
      world
          .exchange(client, code)
          .then()
          .statusCode(503)
          .body("error", org.hamcrest.Matchers.equalTo("temporarily_unavailable"));
      // Everything else.
      if (tenMinutes < leaving.size()) {
        revoke(client, leaving.get(tenMinutes));
      }
      world.clock().advance(Duration.ofMinutes(10));
    }
    var states = new AccountStateRepository(House.database(), world.clock(), ids);
    states.deactivate(people.getLast().id(), true);
    assertThat(world.homeserver().knows(newcomer.username())).isFalse();
    assertThat(waiting()).isGreaterThanOrEqualTo(6);
    // Twelve logins have asked; jobs have not gone on asking meanwhile.
    assertThat(world.homeserver().calls() - begin).isLessThan(60);

    world.homeserver().comeBack();
    world.clock().advance(Duration.ofMinutes(2));

    World.within(SOON, () -> waiting() == 0);
    assertThat(world.homeserver().knows(newcomer.username())).isTrue();
    for (var person : people) {
      assertThat(world.homeserver().devices(person.username())).isEqualTo(devicesHere(person));
    }
    assertThat(devicesThere(people.getFirst())).hasSize(1);
    assertThat(world.homeserver().isErased(people.getLast().username())).isTrue();
    legacyLogIn(people.getFirst()).then().statusCode(200);
    assertThat(devicesThere(people.getFirst())).isEqualTo(devicesHere(people.getFirst()));
  }

  @Test
  void a_login_that_failed_is_made_good_by_asking_again() {
    var person = world.alice();
    var client = world.aPublicClient();
    var code = world.code(person, client, World.scope(World.device()));
    world.homeserver().goAway();
    world.exchange(client, code).then().statusCode(503);

    world.homeserver().comeBack();

    world.exchange(client, code).then().statusCode(200);
  }

  private io.restassured.response.Response legacyLogIn(Person person) {
    return world.legacyLogIn(person, Map.of("device_id", World.device()));
  }

  private static void revoke(String client, String token) {
    World.http()
        .formParam("token", token)
        .formParam("client_id", client)
        .post("/oauth2/revoke")
        .then()
        .statusCode(200);
  }

  private Set<String> devicesThere(Person person) {
    return world.homeserver().devices(person.username());
  }

  private static Set<String> devicesHere(Person person) {
    var text =
        World.text(
            "select string_agg(device_id, ' ') from latchkey.oauth_sessions where user_id = '%s' and opened_at is not null and finished_at is null"
                .formatted(person.id()));
    return text == null ? Set.of() : new HashSet<>(List.of(text.split(" ")));
  }

  private static long waiting() {
    return World.count(
        "select count(*) from latchkey.scheduled_tasks where task_instance <> 'recurring'");
  }
}
