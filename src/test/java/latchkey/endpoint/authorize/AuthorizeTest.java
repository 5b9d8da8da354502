package latchkey.endpoint.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
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
  void nothing_that_only_looks_like_a_registered_address_is_redirected_to() {
    for (var uri :
        List.of(
            World.REDIRECT_URI + "#x",
            World.REDIRECT_URI + "/../evil",
            World.REDIRECT_URI + "%2F",
            "https://app.example.org:443/callback",
            "https://APP.example.org/callback",
            "https://app.example.org@evil.example.net/callback",
            "https://evil.example.net\\@app.example.org/callback",
            "//app.example.org/callback",
            "https:/app.example.org/callback",
            "javascript:alert(1)//app.example.org/callback",
            "http://app.example.org/callback")) {
      for (var prompt : List.of("", "none")) {
        var changes = Map.of("redirect_uri", uri, "prompt", prompt, "response_mode", "form_post");
        var page = browser.get(World.authorize(client, changes));

        assertThat(page.status()).as(uri).isEqualTo(400);
        assertThat(page.location()).as(uri).isEmpty();
        assertThat(page.body()).as(uri).doesNotContain("evil.example.net", "<form");
      }
    }
  }

  @Test
  void a_client_or_redirect_uri_that_is_there_twice_stays_on_a_page() {
    for (var again : List.of("&client_id=" + client, "&redirect_uri=" + World.REDIRECT_URI)) {
      var page = browser.get(World.authorize(client, Map.of()) + again);

      assertThat(page.status()).as(again).isEqualTo(400);
      assertThat(page.location()).as(again).isEmpty();
    }
  }

  @Test
  @Tag("OIDC-Core-3.1.2.1")
  void a_request_may_come_as_a_form_under_the_same_checks() {
    var started = browser.post("/authorize", World.request(client, Map.of()));
    var refused = browser.post("/authorize", World.request(client, Map.of("scope", "a  b")));
    var stays =
        browser.post("/authorize", World.request(client, Map.of("redirect_uri", "https://x.org/")));

    assertThat(started.status()).isEqualTo(303);
    assertThat(started.location()).startsWith("/login?kind=continue_authorization_grant");
    assertThat(refused.answer())
        .containsEntry("error", "invalid_scope")
        .containsEntry("state", "zustand")
        .containsEntry("iss", House.url() + "/");
    assertThat(stays.status()).isEqualTo(400);
    assertThat(stays.location()).isEmpty();
  }

  @Test
  void a_form_from_another_site_finds_who_is_signed_in_a_redirect_later() {
    var alice = world.alice();
    world.consent(browser, alice, World.authorize(client, Map.of()));

    var posted = browser.postFromElsewhere("/authorize", World.request(client, Map.of()));
    var next = browser.get(posted.location());
    var question = browser.get(next.location());

    assertThat(posted.status()).isEqualTo(303);
    assertThat(next.location()).startsWith("/consent/");
    assertThat(question.body()).contains("@" + alice.username() + ":");
    assertThat(browser.submit(next.location(), question, Map.of()).answer()).containsKey("code");
  }

  @Test
  @Tag("RFC6749-4.1.2.1")
  void a_failure_of_ours_goes_back_to_the_client_too() {
    World.sql(
        "alter table latchkey.authorization_grants add constraint broken check (nonce <> 'broken')"
            + " not valid");
    try {
      fault(Map.of("nonce", "broken"), "server_error");
    } finally {
      World.sql("alter table latchkey.authorization_grants drop constraint broken");
    }
  }

  @Test
  void once_the_client_is_trusted_a_fault_goes_back_to_it() {
    fault(Map.of("response_type", ""), "invalid_request");
    fault(Map.of("response_type", "token"), "unsupported_response_type");
    fault(Map.of("response_type", "code id_token"), "unsupported_response_type");
    fault(Map.of("response_type", "id_token"), "unsupported_response_type");
    fault(Map.of("response_type", "none"), "unsupported_response_type");
    fault(Map.of("response_type", "code nonsense"), "unsupported_response_type");
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
    for (var again :
        List.of("&nonce=again", "&scope=openid", "&flavour=sweet&flavour=sour", "&x=&x=")) {
      var page = browser.get(World.authorize(client, Map.of()) + again);

      assertThat(page.status()).as(again).isEqualTo(303);
      assertThat(page.answer())
          .as(again)
          .containsEntry("error", "invalid_request")
          .containsEntry("state", "zustand");
    }
  }

  @Test
  void of_a_repeated_state_or_response_mode_neither_value_counts() {
    var state = browser.get(World.authorize(client, Map.of()) + "&state=other");
    var mode =
        browser.get(
            World.authorize(client, Map.of("response_mode", "fragment"))
                + "&response_mode=form_post");

    assertThat(state.answer()).containsEntry("error", "invalid_request").doesNotContainKey("state");
    assertThat(mode.location()).startsWith(World.REDIRECT_URI + "?");
    assertThat(mode.answer()).containsEntry("error", "invalid_request");
  }

  @Test
  @Tag("OIDC-Core-3.1.2.1")
  void a_form_that_says_something_twice_is_refused_alike() {
    for (var again : List.of("&client_id=" + client, "&redirect_uri=" + World.REDIRECT_URI)) {
      var page = sendForm(again);

      assertThat(page.statusCode()).as(again).isEqualTo(400);
      assertThat(page.contentType()).startsWith("text/html");
      assertThat(page.header("Location")).as(again).isNull();
    }
    for (var again : List.of("&scope=openid", "&prompt=login&prompt=none", "&x=&x=")) {
      assertThat(sendForm(again).header("Location"))
          .as(again)
          .startsWith(World.REDIRECT_URI + "?")
          .contains("error=invalid_request", "state=zustand");
    }
    assertThat(sendForm("&state=other").header("Location"))
        .contains("error=invalid_request")
        .doesNotContain("state=");
    assertThat(sendForm("&prompt=login").header("Location")).startsWith("/login");
  }

  private Response sendForm(String more) {
    return World.http()
        .redirects()
        .follow(false)
        .contentType("application/x-www-form-urlencoded")
        .body(Browser.encode(World.request(client, Map.of())) + more)
        .post("/authorize");
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
    world.clock().advance(Duration.ofMinutes(59));
    var question = browser.get(old);
    assertThat(question.status()).isEqualTo(200);
    world.clock().advance(Duration.ofSeconds(61));
    assertThat(browser.get(old).status()).isEqualTo(409);
    var late = Map.of("csrf", browser.get("/").fields().get("csrf"));
    assertThat(browser.post(old, late).status()).isEqualTo(409);
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
