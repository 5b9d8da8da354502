package latchkey.endpoint.matrix;

import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.util.Map;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `POST /login` of the Matrix client-server API: what is understood, and in which words the rest
/// is refused.
@QuarkusTest
@WithTestResource(House.class)
class LegacyLoginRequestsTest {
  private static final String LOGIN = "/_matrix/client/v3/login";

  @Inject World world;

  private Person alice;

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
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
}
