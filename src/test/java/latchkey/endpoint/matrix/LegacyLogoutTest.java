package latchkey.endpoint.matrix;

import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.Map;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `POST /logout` and `/logout/all` of the Matrix client-server API.
@QuarkusTest
@WithTestResource(House.class)
class LegacyLogoutTest {
  private static final String LOGOUT = "/_matrix/client/v3/logout";
  private static final String EVERYWHERE = "/_matrix/client/v3/logout/all";
  private static final String FLAG = "{\"io.element.only_compat_is_fine\": true}";

  @Inject World world;

  private Person alice;
  private String device;
  private String token;

  @BeforeEach
  void alice_is_signed_in() {
    alice = world.alice();
    device = World.device();
    token = logIn(device);
  }

  @Test
  void signing_out_ends_the_session_at_once_and_the_device_soon() {
    as(token).post(LOGOUT).then().statusCode(200).body("$", anEmptyMap());

    assertThat(world.isActive(token)).isFalse();
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
    unknown(as(token).post(LOGOUT));
  }

  @Test
  void a_body_is_of_no_interest() {
    as(token).header("Content-Type", "text/plain").body("{").post(LOGOUT).then().statusCode(200);
  }

  @Test
  void who_is_locked_can_sign_out() {
    World.sql("update latchkey.users set locked_at = now() where id = '%s'".formatted(alice.id()));

    unknown(as(token).body(FLAG).post(EVERYWHERE));
    as(token).post(LOGOUT).then().statusCode(200);
  }

  @Test
  void without_a_token_there_is_nothing_to_end() {
    for (var path : new String[] {LOGOUT, EVERYWHERE}) {
      for (var header : new String[] {"", "Bearer", "Bearer ", "Basic YTpi", token}) {
        (header.isEmpty() ? http() : http().header("Authorization", header))
            .contentType("application/json")
            .body("{}")
            .post(path)
            .then()
            .statusCode(401)
            .body("errcode", equalTo("M_MISSING_TOKEN"))
            .body("error", equalTo("Missing access token"));
      }
      http()
          .contentType("application/json")
          .body("{}")
          .post(path + "?access_token=" + token)
          .then()
          .statusCode(401);
    }
  }

  @Test
  void tokens_of_other_kinds_end_nothing() {
    var oauth = world.logIn(alice).access();
    var refresh =
        world
            .legacyLogIn(alice, Map.of("refresh_token", true))
            .then()
            .extract()
            .<String>path("refresh_token");

    for (var path : new String[] {LOGOUT, EVERYWHERE}) {
      for (var other : new String[] {oauth, refresh, "mct_nonsense", token.substring(1)}) {
        unknown(as(other).post(path));
      }
    }
    assertThat(world.isActive(oauth)).isTrue();
    assertThat(world.isActive(refresh)).isTrue();
  }

  @Test
  void signing_out_everywhere_is_for_clients_that_know_it_is_not_everywhere() {
    for (var body : new String[] {"{}", "{\"io.element.only_compat_is_fine\": false}"}) {
      as(token)
          .contentType("application/json")
          .body(body)
          .post(EVERYWHERE)
          .then()
          .statusCode(404)
          .body("errcode", equalTo("M_UNRECOGNIZED"))
          .body("error", equalTo("The /logout/all endpoint is not supported by this deployment"));
    }
    assertThat(Raw.post(EVERYWHERE, "").statusLine()).contains(" 401 ");
    assertThat(world.isActive(token)).isTrue();
  }

  @Test
  void signing_out_everywhere_ends_all_compat_sessions_and_no_other() {
    var second = logIn(World.device());
    var oauth = world.logIn(alice).access();

    as(token)
        .contentType("application/json")
        .body(FLAG)
        .post(EVERYWHERE)
        .then()
        .statusCode(200)
        .body("$", anEmptyMap());

    assertThat(world.isActive(token)).isFalse();
    assertThat(world.isActive(second)).isFalse();
    assertThat(world.isActive(oauth)).isTrue();
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).hasSize(1);
  }

  @Test
  void a_body_that_cannot_be_read_is_told_before_the_token_is_looked_at() {
    http()
        .contentType("application/json")
        .body("{")
        .post(EVERYWHERE)
        .then()
        .statusCode(400)
        .body("errcode", equalTo("M_NOT_JSON"));
    http()
        .contentType("application/json")
        .body("{\"io.element.only_compat_is_fine\": 1}")
        .post(EVERYWHERE)
        .then()
        .statusCode(400)
        .body("errcode", equalTo("M_BAD_JSON"));
    http()
        .contentType("text/plain")
        .body("{}")
        .post(EVERYWHERE)
        .then()
        .statusCode(400)
        .body("errcode", equalTo("M_NOT_JSON"));
    http()
        .header("Content-Type", "application/json")
        .post(EVERYWHERE)
        .then()
        .statusCode(400)
        .body("errcode", equalTo("M_NOT_JSON"));
  }

  private static void unknown(Response answer) {
    answer
        .then()
        .statusCode(401)
        .body("errcode", equalTo("M_UNKNOWN_TOKEN"))
        .body("error", equalTo("Invalid access token"));
  }

  private static RequestSpecification as(String token) {
    return http()
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .body("{}");
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
