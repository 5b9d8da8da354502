package latchkey.endpoint.matrix;

import static latchkey.world.World.count;
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
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `POST /login` of the Matrix client-server API with a password.
@QuarkusTest
@WithTestResource(House.class)
class LegacyLoginTest {
  private static final String LOGIN = "/_matrix/client/v3/login";
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

  @ParameterizedTest
  @ValueSource(strings = {"r0", "v1", "v3", "unstable", "api", "%20", "*"})
  void any_version_of_the_api_is_the_same(String version) {
    http()
        .urlEncodingEnabled(false)
        .contentType(ContentType.JSON)
        .body(World.legacy(alice, Map.of()))
        .post("/_matrix/client/" + version + "/login")
        .then()
        .statusCode(200);
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                    | M_NOT_JSON | Body is not a valid JSON document
          {"type":                                              | M_NOT_JSON | Body is not a valid JSON document
          {} {}                                                 | M_NOT_JSON | Body is not a valid JSON document
          {}                                                    | M_BAD_JSON | JSON fields are not valid
          []                                                    | M_BAD_JSON | JSON fields are not valid
          "m.login.password"                                    | M_BAD_JSON | JSON fields are not valid
          {"type":1}                                            | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","user":"a"}                | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","user":1,"password":"b"}   | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","user":"\\u0000","password":"b"} | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","user":"\\ud800","password":"b"} | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","user":"a","password":"b","refresh_token":null}   | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","user":"a","password":"b","refresh_token":"true"} | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","user":"a","password":"b","device_id":1}          | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","password":"b","identifier":{}}                   | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","password":"b","identifier":"a"}                  | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","password":"b","identifier":{"type":"m.id.user"}} | M_BAD_JSON | JSON fields are not valid
          {"type":"m.login.password","password":"b"}            | M_BAD_JSON | Missing property 'identifier
          {"type":"m.login.password","password":"b","identifier":{"type":"m.id.phone"}} | M_UNKNOWN | Unsupported login identifier
          {"type":"m.login.password","password":"b","identifier":{"type":"m.id.thirdparty","medium":"email","address":"a@b.example"}} | M_UNKNOWN | Unsupported login identifier
          {"type":"m.login.magic"}                              | M_UNKNOWN | Invalid login type
          {"type":"m.login.application_service"}                | M_APPSERVICE_LOGIN_UNSUPPORTED | Application services act with their own token and do not log in
          {"type":"m.login.password","user":"a","password":"b","device_id":""} | M_INVALID_PARAM | A device_id has between 1 and 255 characters, and no control characters
          {"type":"m.login.password","user":"a","password":"b","device_id":"A\\nB"} | M_INVALID_PARAM | A device_id has between 1 and 255 characters, and no control characters
          """,
      quoteCharacter = '\'',
      ignoreLeadingAndTrailingWhitespace = true)
  void a_request_that_makes_no_sense_is_told_why(String body, String errcode, String error) {
    // One quotation mark is all there is to this text.
    var text = error.startsWith("Missing") ? "Missing property 'identifier" : error;

    http()
        .contentType("application/json")
        .body(body)
        .post(LOGIN)
        .then()
        .statusCode(400)
        .contentType(ContentType.JSON)
        .body("$", aMapWithSize(2))
        .body("errcode", equalTo(errcode))
        .body("error", equalTo(text));
  }

  @Test
  void a_body_may_come_without_a_media_type_but_not_with_a_wrong_one() {
    var body = new io.vertx.core.json.JsonObject(World.legacy(alice, Map.of())).encode();

    for (var type : new String[] {"application/json; charset=utf-8", "application/vnd.a+json"}) {
      assertThat(Raw.post(LOGIN, type, body).statusLine()).contains(" 200 ");
    }
    for (var type :
        new String[] {
          "text/plain", "application/x-www-form-urlencoded", "json", "application/jsonx", ""
        }) {
      var answer = Raw.post(LOGIN, type, body);
      assertThat(answer.statusLine()).as(type).contains(" 400 ");
      assertThat(answer.rest())
          .contains("M_NOT_JSON", "Invalid Content-Type header: expected application/json");
    }
    assertThat(Raw.post(LOGIN, body).statusLine()).contains(" 200 ");
  }

  @Test
  void a_body_of_megabytes_is_too_large() {
    http()
        .contentType(ContentType.JSON)
        .body("{\"type\":\"" + "x".repeat(2 * 1024 * 1024) + "\"}")
        .post(LOGIN)
        .then()
        .statusCode(413)
        .body("errcode", equalTo("M_TOO_LARGE"))
        .body("error", equalTo("Request body too large"));
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
                "select count(*) from latchkey.scheduled_tasks where task_name = 'delete-device' and"
                    + " convert_from(task_data, 'UTF8') like '%"
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

  @Test
  void the_rules_are_asked() {
    http()
        .contentType(ContentType.JSON)
        .header("User-Agent", "EvilBrowser/1.0")
        .body(World.legacy(alice, Map.of()))
        .post(LOGIN)
        .then()
        .statusCode(403)
        .body("errcode", equalTo("M_FORBIDDEN"))
        .body("error", equalTo("Login denied by the policy enforced by this service"));
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

  @Test
  void wrong_methods_and_unknown_paths_are_told_in_the_words_of_matrix() {
    for (var path : new String[] {"/v3/logout", "/v3/logout/all", "/v3/refresh"}) {
      http()
          .get("/_matrix/client" + path)
          .then()
          .statusCode(405)
          .header("Allow", "POST")
          .body("errcode", equalTo("M_UNRECOGNIZED"));
    }
    for (var path :
        new String[] {"/v3/login/get_token", "/v3/sync", "/login", "/v3/login/", "/v3/x/login"}) {
      http()
          .post("/_matrix/client" + path)
          .then()
          .statusCode(404)
          .contentType(ContentType.JSON)
          .body("errcode", equalTo("M_UNRECOGNIZED"));
    }
    http().head(LOGIN).then().statusCode(200).contentType(ContentType.JSON);
    http().options(LOGIN).then().statusCode(200).header("Access-Control-Allow-Methods", "*");
  }

  @Test
  void the_ways_to_log_in_are_listed() {
    http()
        .get(LOGIN)
        .then()
        .statusCode(200)
        .contentType(ContentType.JSON)
        .body("flows[0].type", equalTo("m.login.password"));
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

  private static long unfinished(String device) {
    return count(
        "select count(*) from latchkey.oauth_sessions where finished_at is null and device_id = '%s'"
            .formatted(device));
  }
}
