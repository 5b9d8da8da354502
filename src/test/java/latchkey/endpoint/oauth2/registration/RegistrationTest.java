package latchkey.endpoint.oauth2.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
@Tag("RFC7591-3")
class RegistrationTest {
  @Inject World world;

  @Test
  void a_registration_is_echoed_with_the_values_that_hold() {
    var metadata = World.metadata();
    metadata.put(
        "grant_types",
        List.of(
            "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"));
    metadata.put("policy_uri", "https://app.example.org/privacy");
    metadata.put("contacts", List.of("me@app.example.org"));
    metadata.put("something_unknown", Map.of("a", 1));

    world
        .register(metadata)
        .then()
        .statusCode(201)
        .header("Cache-Control", equalTo("no-store"))
        .body("grant_types", contains("authorization_code", "refresh_token"))
        .body("response_types", contains("code"))
        .body("policy_uri", equalTo("https://app.example.org/privacy"))
        .body("contacts", contains("me@app.example.org"))
        .body("application_type", equalTo("web"))
        .body("$", not(hasKey("client_secret")))
        .body("$", not(hasKey("something_unknown")));
  }

  @Test
  void the_default_is_a_secret_by_http_basic_that_does_not_expire() {
    var metadata = World.metadata();
    metadata.remove("token_endpoint_auth_method");

    var answer = world.register(metadata).then().statusCode(201).extract().jsonPath();

    assertThat(answer.getString("token_endpoint_auth_method")).isEqualTo("client_secret_basic");
    assertThat(answer.getString("client_secret")).hasSize(20);
    assertThat(answer.getInt("client_secret_expires_at")).isZero();
  }

  @Test
  void the_same_client_without_a_secret_is_registered_once() {
    var metadata = World.metadata();
    metadata.put("client_name", "Twice");
    var shuffled = new LinkedHashMap<String, Object>(Map.copyOf(metadata));

    var first = world.register(metadata).jsonPath();
    world.clock().advance(java.time.Duration.ofSeconds(5));
    var second = world.register(shuffled).jsonPath();

    assertThat(second.getString("client_id")).isEqualTo(first.getString("client_id"));
    assertThat(second.getLong("client_id_issued_at"))
        .isEqualTo(first.getLong("client_id_issued_at"));
  }

  @Test
  void clients_with_a_secret_are_never_shared() {
    var metadata = World.metadata();
    metadata.put("token_endpoint_auth_method", "client_secret_post");

    assertThat(world.register(metadata).jsonPath().getString("client_id"))
        .isNotEqualTo(world.register(metadata).jsonPath().getString("client_id"));
  }

  @Test
  void a_native_app_may_come_back_by_loopback_and_by_its_reversed_host() {
    accepted(
        Map.of(
            "application_type",
            "native",
            "redirect_uris",
            List.of(
                "http://localhost/callback",
                "http://127.0.0.1:8080/x",
                "http://[::1]/cb",
                "org.example.app:/callback",
                "org.example.app.beta:/cb",
                "https://app.example.org/cb")));
  }

  @Test
  void what_the_rules_refuse_is_told_in_the_words_of_the_rfc() {
    refused("invalid_client_metadata", change("client_uri", "http://app.example.org/"));
    refused(
        "invalid_client_metadata", change("logo_uri", "https://elsewhere.example.net/logo.png"));
    refused("invalid_client_metadata", change("tos_uri", "http://app.example.org/tos"));
    refused("invalid_client_metadata", change("client_uri", "https://github.io/"));
    // Without a host of the client, no redirect URI can be on it.
    refused("invalid_redirect_uri", change("client_uri", null));
    refused("invalid_redirect_uri", change("client_uri", "https://localhost/"));
    refused("invalid_redirect_uri", change("redirect_uris", List.of()));
    refused("invalid_redirect_uri", change("redirect_uris", null));
    for (var uri :
        List.of(
            "https://elsewhere.example.net/cb",
            "http://app.example.org/cb",
            "http://localhost/cb",
            "org.example.app:/cb",
            "https://app.example.org/cb#fragment",
            "https://user@app.example.org/cb",
            "https://app.example.org./cb",
            "https://app_x.example.org/cb",
            "/relative",
            "javascript:alert(1)")) {
      refused("invalid_redirect_uri", change("redirect_uris", List.of(uri)));
    }
  }

  @Test
  void a_native_app_may_not_come_back_just_anywhere() {
    for (var uri :
        List.of(
            "net.elsewhere.app:/cb",
            "org.example.app://host/cb",
            "org.example:/cb",
            "https://localhost:1/",
            "http://localhost.example.net/")) {
      var metadata = change("redirect_uris", List.of(uri));
      metadata.put("application_type", "native");
      refused("invalid_redirect_uri", metadata);
    }
  }

  @Test
  void what_is_malformed_is_refused_before_the_rules_are_asked() {
    refused("invalid_client_metadata", change("client_name", 5));
    refused("invalid_client_metadata", change("client_name", "a\0b"));
    refused("invalid_client_metadata", change("redirect_uris", "https://app.example.org/"));
    refused("invalid_client_metadata", change("response_types", List.of("token")));
    refused("invalid_client_metadata", change("grant_types", List.of("password")));
    refused("invalid_client_metadata", change("token_endpoint_auth_method", "tls_client_auth"));
    for (var algorithm : List.of("none", "HS256", "EdDSA", "nonsense")) {
      refused("invalid_client_metadata", change("id_token_signed_response_alg", algorithm));
      refused("invalid_client_metadata", change("userinfo_signed_response_alg", algorithm));
    }
    refused("invalid_client_metadata", change("userinfo_encrypted_response_alg", "RSA-OAEP"));
    refused("invalid_client_metadata", change("application_type", "toaster"));
  }

  private void accepted(Map<String, Object> changes) {
    var metadata = World.metadata();
    metadata.putAll(changes);
    world.register(metadata).then().statusCode(201);
  }

  private void refused(String error, Map<String, Object> metadata) {
    var answer = world.register(metadata);
    assertThat(answer.statusCode()).as(metadata.toString()).isEqualTo(400);
    assertThat(answer.jsonPath().getString("error")).as(metadata.toString()).isEqualTo(error);
  }

  private static Map<String, Object> change(String member, Object value) {
    var metadata = World.metadata();
    if (value == null) {
      metadata.remove(member);
    } else {
      metadata.put(member, value);
    }
    return metadata;
  }
}
