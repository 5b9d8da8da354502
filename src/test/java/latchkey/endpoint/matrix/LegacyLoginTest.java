package latchkey.endpoint.matrix;

import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import latchkey.domain.session.SessionTokensRepository;
import latchkey.domain.token.TokenCodec;
import latchkey.domain.token.TokenContent;
import latchkey.domain.token.TokenKind;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `POST /login` of the Matrix client-server API with a password: who comes in, and with what.
@QuarkusTest
@WithTestResource(House.class)
class LegacyLoginTest {
  private static final String API =
      "urn:matrix:client:api:* urn:matrix:org.matrix.msc2967.client:api:*";

  @Inject World world;
  @Inject TokenCodec codec;
  @Inject SessionTokensRepository sessions;

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
  void a_password_opens_a_session_whose_token_never_expires() {
    var answer =
        world
            .legacyLogIn(alice, Map.of())
            .then()
            .statusCode(200)
            .contentType(ContentType.JSON)
            .header("Cache-Control", "no-store")
            .header("Access-Control-Allow-Origin", "*")
            .body("$", aMapWithSize(3))
            .body("user_id", equalTo("@" + alice.username() + ":example.com"))
            .body("device_id", matchesPattern("[A-Za-z0-9]{10}"))
            .body("access_token", matchesPattern("mct_[0-9A-Za-z]+_[0-9A-Za-z]{6}"))
            .extract()
            .jsonPath();

    var device = answer.getString("device_id");
    assertThat(world.homeserver().devices(alice.username())).containsExactly(device);
    world
        .introspect(answer.getString("access_token"))
        .then()
        .body("active", equalTo(true))
        .body("scope", equalTo(API))
        .body("client_id", equalTo("legacy"))
        .body("token_type", equalTo("access_token"))
        .body("username", equalTo(alice.username()))
        .body("sub", notNullValue())
        .body("device_id", equalTo(device))
        .body("exp", nullValue())
        .body("expires_in", nullValue())
        .body("jti", nullValue())
        .body("iat", notNullValue());
  }

  @Test
  void a_client_that_can_refresh_gets_a_token_that_expires_and_one_to_refresh_it_with() {
    var answer =
        world
            .legacyLogIn(alice, Map.of("refresh_token", true))
            .then()
            .statusCode(200)
            .body("$", aMapWithSize(5))
            .body("expires_in_ms", equalTo(300_000))
            .body("refresh_token", matchesPattern("mcr_[0-9A-Za-z]+_[0-9A-Za-z]{6}"))
            .extract()
            .jsonPath();

    world.introspect(answer.getString("access_token")).then().body("expires_in", greaterThan(290));
    world
        .introspect(answer.getString("refresh_token"))
        .then()
        .body("active", equalTo(true))
        .body("token_type", equalTo("refresh_token"))
        .body("client_id", equalTo("legacy"))
        .body("exp", nullValue());
  }

  @Test
  void a_name_may_be_said_in_every_way_matrix_knows() {
    for (var name : new String[] {alice.username().toUpperCase(java.util.Locale.ROOT), mxid()}) {
      world
          .legacyLogIn(alice, Map.of("identifier", Map.of("type", "m.id.user", "user", name)))
          .then()
          .statusCode(200);
    }
    // The deprecated member wins, even over what is not supported.
    world
        .legacyLogIn(
            alice,
            Map.of("user", alice.username(), "identifier", Map.of("type", "m.id.thirdparty")))
        .then()
        .statusCode(200);
    world
        .legacyLogIn(
            alice,
            Map.of(
                "identifier",
                Map.of("type", "m.id.user", "user", "@" + alice.username() + ":other.example")))
        .then()
        .statusCode(403)
        .body("errcode", equalTo("M_FORBIDDEN"));
  }

  @Test
  void nobody_learns_whether_there_is_such_an_account() {
    var nobody = new Person(alice.id(), "nobody-of-this-name", alice.password());
    var deactivated = world.alice();
    World.sql(
        "update latchkey.users set deactivated_at = now(), locked_at = now() where id = '%s'"
            .formatted(deactivated.id()));
    var withoutPassword = world.alice();
    World.sql(
        "delete from latchkey.user_passwords where user_id = '%s'".formatted(withoutPassword.id()));

    for (var person : new Person[] {nobody, deactivated, withoutPassword}) {
      refused(world.legacyLogIn(person, Map.of()));
    }
    for (var password : new String[] {"", "wrong", "x".repeat(5000)}) {
      refused(world.legacyLogIn(alice, Map.of("password", password)));
    }
  }

  private static void refused(Response answer) {
    answer
        .then()
        .statusCode(403)
        .body("$", aMapWithSize(2))
        .body("errcode", equalTo("M_FORBIDDEN"))
        .body("error", equalTo("Invalid username/password"));
  }

  @Test
  void a_lock_is_told_only_to_who_knows_the_password() {
    World.sql("update latchkey.users set locked_at = now() where id = '%s'".formatted(alice.id()));

    refused(world.legacyLogIn(alice, Map.of("password", "wrong")));
    world
        .legacyLogIn(alice, Map.of())
        .then()
        .statusCode(401)
        .body("errcode", equalTo("M_USER_LOCKED"))
        .body("error", equalTo("User account has been locked"))
        .body("soft_logout", equalTo(true));
  }

  @Test
  void a_token_of_another_kind_than_its_session_never_passes() throws Exception {
    var legacy = logIn(World.device());
    var oauth = world.logIn(alice).access();

    assertThat(world.isActive(posing(legacy, TokenKind.OAUTH_ACCESS))).isFalse();
    assertThat(world.isActive(posing(legacy, TokenKind.OAUTH_REFRESH))).isFalse();
    assertThat(world.isActive(posing(legacy, TokenKind.PERSONAL))).isFalse();
    assertThat(world.isActive(posing(oauth, TokenKind.COMPAT_ACCESS))).isFalse();
    assertThat(world.isActive(posing(oauth, TokenKind.COMPAT_REFRESH))).isFalse();
    assertThat(world.isActive(posing(legacy, TokenKind.COMPAT_ACCESS))).isTrue();
  }

  /// A token of the same session, generation and nonce that only our key could make.
  private String posing(String token, TokenKind kind) throws Exception {
    var reading = (latchkey.domain.token.TokenReading.Computed) codec.read(token);
    var content = reading.content();
    var session = sessions.find(content.session()).orElseThrow();
    return codec
        .encode(
            new TokenContent(
                kind,
                session.id(),
                content.generation(),
                content.issuedAt(),
                null,
                session.nonce(),
                0),
            reading.keyId())
        .reveal();
  }

  @Test
  void a_legacy_token_opens_no_userinfo() {
    http()
        .header("Authorization", "Bearer " + logIn(World.device()))
        .get("/oauth2/userinfo")
        .then()
        .statusCode(401);
  }

  private String mxid() {
    return "@" + alice.username() + ":example.com";
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
