package latchkey.endpoint.matrix;

import static latchkey.world.World.count;
import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import latchkey.domain.session.ActivityFlush;
import latchkey.world.TunedHouse;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where e-mail addresses are names, and sessions end after a quarter of an hour unused and two
/// days at most.
@Tag("slow")
@QuarkusTest
@WithTestResource(TunedHouse.class)
class LegacySettingsTest {
  private static final Duration ROUND = Duration.ofMinutes(2);

  @Inject World world;
  @Inject ActivityFlush flush;

  private Person alice;
  private String address;

  @BeforeEach
  void alice_has_an_account() throws Exception {
    alice = world.alice();
    address = alice.username() + "@mail.example";
    World.sql(
        "insert into latchkey.user_emails (id, user_id, email, created_at) values (gen_random_uuid(), '%s', '%s', now())"
            .formatted(alice.id(), address));
    flush.round();
  }

  @Test
  void a_verified_address_is_as_good_as_a_name() {
    logIn("email", address.toUpperCase(java.util.Locale.ROOT), alice.password())
        .then()
        .statusCode(200)
        .body("user_id", equalTo("@" + alice.username() + ":example.com"));
    logIn("email", address, "wrong").then().statusCode(403);
    logIn("email", "nobody@mail.example", alice.password())
        .then()
        .statusCode(403)
        .body("error", equalTo("Invalid username/password"));
    logIn("msisdn", address, alice.password())
        .then()
        .statusCode(400)
        .body("error", equalTo("Unsupported login identifier"));
  }

  @Test
  void a_session_that_nobody_uses_ends() throws Exception {
    var token =
        world
            .legacyLogIn(alice, Map.of())
            .then()
            .statusCode(200)
            .extract()
            .<String>path("access_token");
    pass(Duration.ofMinutes(14));
    assertThat(world.isActive(token)).isTrue();

    pass(Duration.ofMinutes(18));

    assertThat(world.isActive(token)).isFalse();
  }

  @Test
  void a_refresh_after_the_end_of_time_is_too_late() throws Exception {
    var token =
        world
            .legacyLogIn(alice, Map.of("refresh_token", true))
            .then()
            .statusCode(200)
            .extract()
            .<String>path("refresh_token");
    world.clock().advance(Duration.ofDays(3));

    world
        .legacyRefresh(token, "nio", "203.0.113.7")
        .then()
        .statusCode(401)
        .body("errcode", equalTo("M_UNKNOWN_TOKEN"));

    assertThat(
            count(
                "select count(*) from latchkey.oauth_sessions where user_id = '%s' and finished_reason = 'expired'"
                    .formatted(alice.id())))
        .isEqualTo(1);
  }

  /// Lets time pass in which the server is there.
  private void pass(Duration time) throws Exception {
    for (var left = time; left.isPositive(); left = left.minus(ROUND)) {
      world.clock().advance(ROUND);
      flush.round();
    }
  }

  private static Response logIn(String medium, String address, String password) {
    return http()
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "type",
                "m.login.password",
                "identifier",
                Map.of("type", "m.id.thirdparty", "medium", medium, "address", address),
                "password",
                password))
        .post("/_matrix/client/v3/login");
  }
}
