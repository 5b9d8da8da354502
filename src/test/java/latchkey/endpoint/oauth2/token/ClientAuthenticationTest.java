package latchkey.endpoint.oauth2.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
@Tag("RFC6749-2.3.1")
class ClientAuthenticationTest {
  private static final String POST_CLIENT = "01KB0000000000000000000002";

  @Inject World world;

  @BeforeEach
  void the_house_is_open() {
    world.awaitReady();
  }

  @Test
  void a_client_with_a_secret_gets_tokens_by_http_basic() {
    var path =
        World.authorize(
            World.CONFIDENTIAL, Map.of("redirect_uri", World.CONFIDENTIAL_REDIRECT_URI));
    var code = world.consent(new Browser(), world.alice(), path).answer().get("code");

    var answer =
        World.http()
            .header("Authorization", basic(World.CONFIDENTIAL, encoded(World.CONFIDENTIAL_SECRET)))
            .formParam("grant_type", "authorization_code")
            .formParam("code", code)
            .formParam("redirect_uri", World.CONFIDENTIAL_REDIRECT_URI)
            .formParam("code_verifier", "abcdefghijklmnopqrstuvwxyz-0123456789.ABCDEFGHIJ_~")
            .post("/oauth2/token");

    assertThat(World.tokens(answer).access()).startsWith("mat_");
  }

  @Test
  void a_secret_that_was_not_form_encoded_is_understood_too() {
    refreshWith(basic(World.CONFIDENTIAL, World.CONFIDENTIAL_SECRET), Map.of())
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
  }

  @Test
  @Tag("RFC6749-5.2")
  void a_wrong_secret_is_refused_with_a_challenge() {
    refreshWith(basic(World.CONFIDENTIAL, "falsch"), Map.of())
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", startsWith("Basic realm="))
        .body("error", equalTo("invalid_client"));
  }

  @Test
  void a_client_proves_itself_only_by_the_method_it_registered() {
    refreshWith(
            null,
            Map.of("client_id", World.CONFIDENTIAL, "client_secret", World.CONFIDENTIAL_SECRET))
        .then()
        .statusCode(401)
        .body("error", equalTo("invalid_client"));
    refreshWith(null, Map.of("client_id", World.CONFIDENTIAL)).then().statusCode(401);
    refreshWith(basic(POST_CLIENT, "postgeheim"), Map.of()).then().statusCode(401);
    refreshWith(null, Map.of("client_id", POST_CLIENT, "client_secret", "postgeheim"))
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
  }

  @Test
  void two_proofs_at_once_and_none_at_all_are_refused() {
    refreshWith(
            basic(World.CONFIDENTIAL, World.CONFIDENTIAL_SECRET),
            Map.of("client_secret", "noch eins"))
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_request"));
    refreshWith(
            basic(World.CONFIDENTIAL, World.CONFIDENTIAL_SECRET), Map.of("client_id", POST_CLIENT))
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_request"));
    refreshWith(null, Map.of()).then().statusCode(400).body("error", equalTo("invalid_request"));
    refreshWith("Basic !!!", Map.of()).then().statusCode(400);
    refreshWith("Digest x", Map.of()).then().statusCode(400);
    refreshWith("Bearer x", Map.of())
        .then()
        .statusCode(401)
        .body("error", equalTo("invalid_client"));
  }

  @Test
  void an_unknown_client_is_an_invalid_client() {
    refreshWith(null, Map.of("client_id", "no-ulid"))
        .then()
        .statusCode(401)
        .body("error", equalTo("invalid_client"));
    refreshWith(null, Map.of("client_id", "01KB00000000000000000000ZZ")).then().statusCode(401);
  }

  private static Response refreshWith(String authorization, Map<String, String> form) {
    var request =
        World.http()
            .formParam("grant_type", "refresh_token")
            .formParam("refresh_token", "mar_nothing")
            .formParams(form);
    return (authorization == null ? request : request.header("Authorization", authorization))
        .post("/oauth2/token");
  }

  private static String basic(String id, String secret) {
    var text = id + ":" + secret;
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(String secret) {
    return URLEncoder.encode(secret, StandardCharsets.UTF_8);
  }
}
