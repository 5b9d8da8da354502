package latchkey.endpoint.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
@Tag("RFC6749-4.1.1")
class AuthorizeTest {
  @Inject World world;

  private String client;
  private final Browser browser = new Browser();

  @BeforeEach
  void a_client_is_registered() {
    client = world.aPublicClient();
  }

  @Test
  void an_unknown_client_or_redirect_uri_stays_on_a_page() {
    for (var changes :
        List.of(
            Map.of("client_id", "nobody"),
            Map.of("client_id", ""),
            Map.of("redirect_uri", "https://evil.example.net/"),
            Map.of("redirect_uri", World.REDIRECT_URI + "/"),
            Map.of("redirect_uri", World.REDIRECT_URI + "?x=1"))) {
      var page = browser.get(World.authorize(client, changes));

      assertThat(page.status()).as(changes.toString()).isEqualTo(400);
      assertThat(page.headers().get("content-type")).startsWith("text/html");
      assertThat(page.location()).isEmpty();
    }
  }

  @Test
  void once_the_client_is_trusted_a_fault_goes_back_to_it() {
    fault(Map.of("response_type", ""), "invalid_request");
    fault(Map.of("response_type", "token"), "unsupported_response_type");
    fault(Map.of("response_type", "code id_token"), "unsupported_response_type");
    fault(Map.of("scope", ""), "invalid_scope");
    fault(Map.of("scope", "a  b"), "invalid_scope");
    fault(Map.of("request", "x"), "request_not_supported");
    fault(Map.of("request_uri", "https://x.example"), "request_uri_not_supported");
    fault(Map.of("registration", "{}"), "registration_not_supported");
    fault(Map.of("prompt", "none"), "login_required");
    fault(Map.of("response_mode", "web_message"), "invalid_request");
  }

  @Test
  @Tag("RFC7636-4.3")
  void a_public_client_needs_pkce_with_s256() {
    fault(Map.of("code_challenge", "", "code_challenge_method", ""), "invalid_request");
    fault(Map.of("code_challenge_method", ""), "invalid_request");
    fault(Map.of("code_challenge_method", "plain"), "invalid_request");
    fault(Map.of("code_challenge", "short"), "invalid_request");
  }

  @Test
  void a_repeated_parameter_goes_back_as_invalid_request() {
    var page = browser.get(World.authorize(client, Map.of()) + "&nonce=again");

    assertThat(page.status()).isEqualTo(303);
    assertThat(page.answer()).containsEntry("error", "invalid_request");
  }

  @Test
  void an_unknown_parameter_does_not_matter() {
    assertThat(browser.get(World.authorize(client, Map.of("flavour", "sweet"))).location())
        .contains("/login");
  }

  @Test
  @Tag("RFC9207-2")
  void every_answer_names_the_issuer_and_the_state() {
    var query = browser.get(World.authorize(client, Map.of("prompt", "none")));
    var fragment =
        browser.get(World.authorize(client, Map.of("prompt", "none", "response_mode", "fragment")));

    assertThat(query.location()).startsWith(World.REDIRECT_URI + "?").endsWith("#");
    assertThat(fragment.location()).startsWith(World.REDIRECT_URI + "#");
    for (var answer : List.of(query.answer(), fragment.answer())) {
      assertThat(answer)
          .containsEntry("iss", House.url() + "/")
          .containsEntry("state", "zustand")
          .containsEntry("error", "login_required");
    }
  }

  @Test
  @Tag("RFC8252-7.3")
  void a_loopback_uri_registered_without_a_port_accepts_any() {
    var metadata = World.metadata();
    metadata.put("application_type", "native");
    metadata.put("redirect_uris", List.of("http://localhost/callback"));
    var app = world.register(metadata).jsonPath().getString("client_id");

    var any =
        browser.get(World.authorize(app, Map.of("redirect_uri", "http://localhost:4711/callback")));
    var other =
        browser.get(World.authorize(app, Map.of("redirect_uri", "http://127.0.0.1:4711/callback")));

    assertThat(any.status()).isEqualTo(303);
    assertThat(other.status()).isEqualTo(400);
  }

  @Test
  void a_person_who_is_signed_in_goes_straight_to_consent() {
    var alice = world.alice();
    world.consent(browser, alice, World.authorize(client, Map.of()));

    assertThat(browser.get(World.authorize(client, Map.of())).location()).startsWith("/consent/");
  }

  @Test
  void a_question_waits_an_hour_and_is_answered_once() {
    var alice = world.alice();
    world.consent(browser, alice, World.authorize(client, Map.of()));
    var old = browser.get(World.authorize(client, Map.of())).location();
    var answered = browser.get(World.authorize(client, Map.of())).location();
    browser.submit(answered, browser.get(answered), Map.of());

    assertThat(browser.get(answered).status()).isEqualTo(409);
    world.clock().advance(Duration.ofMinutes(61));
    assertThat(browser.get(old).status()).isEqualTo(409);
    assertThat(browser.get("/consent/01KB0000000000000000000009").status()).isEqualTo(404);
    assertThat(browser.get("/consent/nonsense").status()).isEqualTo(404);
  }

  private void fault(Map<String, String> changes, String error) {
    var page = browser.get(World.authorize(client, changes));
    assertThat(page.status()).as(changes.toString()).isEqualTo(303);
    assertThat(page.location()).startsWith(World.REDIRECT_URI);
    assertThat(page.answer()).as(changes.toString()).containsEntry("error", error);
  }
}
