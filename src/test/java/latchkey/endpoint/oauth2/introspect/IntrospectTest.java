package latchkey.endpoint.oauth2.introspect;

import static latchkey.world.World.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
@Tag("RFC7662-2")
class IntrospectTest {
  @Inject World world;

  @BeforeEach
  void the_house_is_open() {
    world.awaitReady();
    world.awaitHearing();
  }

  @Test
  void a_warm_introspection_sends_nothing_to_the_database() {
    var tokens = world.logIn(world.alice());
    assertThat(world.isActive(tokens.access())).isTrue();
    world.flush();
    assertThat(world.isActive(tokens.access())).isTrue();

    long fewest = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 5 && fewest >= 20; attempt++) {
      long before = House.cable().messages();
      long begin = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        assertThat(world.isActive(tokens.access())).isTrue();
      }
      var took = Duration.ofNanos(System.nanoTime() - begin);
      long during = House.cable().messages() - before;
      fewest = Math.min(fewest, during - messagesWhileIdle(took));
    }

    assertThat(fewest).isLessThan(20);
  }

  /// The ping of every second and the look for jobs are on the wire as well.
  private static long messagesWhileIdle(Duration time) {
    long before = House.cable().messages();
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return House.cable().messages() - before;
  }

  @Test
  void a_token_that_expired_is_inactive() {
    var tokens = world.logIn(world.alice());

    world.clock().advance(Duration.ofSeconds(301));

    world.introspect(tokens.access()).then().statusCode(200).body("active", equalTo(false));
  }

  @Test
  void an_inactive_answer_says_nothing_else() {
    assertThat(world.introspect("mat_nothing").asString()).isEqualTo("{\"active\":false}");
  }

  @Test
  void a_refresh_token_is_active_until_it_is_redeemed() {
    var alice = world.alice();
    var client = world.aPublicClient();
    var tokens = world.logIn(alice, client, World.device());

    world
        .introspect(tokens.refresh())
        .then()
        .body("active", equalTo(true))
        .body("token_type", equalTo("refresh_token"))
        .body("username", equalTo(alice.username()));
    World.tokens(world.refresh(client, tokens.refresh()));

    assertThat(world.isActive(tokens.refresh())).isFalse();
  }

  @Test
  void a_locked_user_is_inactive_until_unlocked() {
    var alice = world.alice();
    var tokens = world.logIn(alice);
    assertThat(world.isActive(tokens.access())).isTrue();

    World.sql("update latchkey.users set locked_at = now() where id = '" + alice.id() + "'");
    within(Duration.ofSeconds(1), () -> !world.isActive(tokens.access()));
    World.sql("update latchkey.users set locked_at = null where id = '" + alice.id() + "'");

    within(Duration.ofSeconds(1), () -> world.isActive(tokens.access()));
  }

  @Test
  void only_the_homeserver_and_clients_with_a_secret_may_ask() {
    var client = world.aPublicClient();

    World.http()
        .header("Authorization", "Bearer falsch")
        .formParam("token", "x")
        .post("/oauth2/introspect")
        .then()
        .statusCode(401)
        .body("error", equalTo("access_denied"));
    World.http()
        .formParam("client_id", client)
        .formParam("token", "x")
        .post("/oauth2/introspect")
        .then()
        .statusCode(401)
        .body("error", equalTo("access_denied"));
    World.http()
        .formParam("client_id", "01KB0000000000000000000002")
        .formParam("client_secret", "postgeheim")
        .formParam("token", "x")
        .post("/oauth2/introspect")
        .then()
        .statusCode(200)
        .body("active", equalTo(false));
    World.http()
        .formParam("token", "x")
        .post("/oauth2/introspect")
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_request"));
  }

  @Test
  void the_last_known_answer_is_given_while_the_database_is_away() {
    var alice = world.alice();
    var known = world.logIn(alice);
    var unknown = world.logIn(world.alice());
    assertThat(world.isActive(known.access())).isTrue();

    House.cable().cut();
    try {
      awaitHealth("away");
      assertThat(world.isActive(known.access())).isTrue();
      world
          .introspect(unknown.access())
          .then()
          .statusCode(503)
          .header("Retry-After", notNullValue())
          .body("error", equalTo("temporarily_unavailable"));
      World.http().get("/health").then().statusCode(200);
      World.http().get("/health/ready").then().statusCode(503);
      World.http().get("/.well-known/openid-configuration").then().statusCode(200);
      World.http().get("/_matrix/client/v3/login").then().statusCode(200);
      world.legacyLogIn(alice, Map.of()).then().statusCode(503);
      for (var words :
          Map.of("en", "Please try again in a moment", "de", "Bitte gleich noch einmal versuchen")
              .entrySet()) {
        World.http()
            .header("Accept-Language", words.getKey())
            .get("/login")
            .then()
            .statusCode(503)
            .contentType("text/html")
            .header("Retry-After", notNullValue())
            .body("html.body.main.h1", equalTo(words.getValue()))
            .body("html.body.main.a.@href", equalTo(""));
      }
      World.http()
          .formParam("token", known.access())
          .post("/oauth2/revoke")
          .then()
          .statusCode(503)
          .header("Retry-After", notNullValue());
    } finally {
      House.cable().mend();
    }
    awaitHealth("ready");

    assertThat(world.isActive(unknown.access())).isTrue();
    World.http().get("/health/ready").then().statusCode(200);
  }

  private static void awaitHealth(String state) {
    within(
        Duration.ofSeconds(15),
        () -> World.http().get("/health").header("X-Latchkey-Database").equals(state));
  }
}
