package latchkey.endpoint.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import latchkey.base.system.Ids;
import latchkey.world.Browser;
import latchkey.world.Browser.Page;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `prompt=none`: an answer without a page, or the reason why there is none.
@QuarkusTest
@WithTestResource(House.class)
@Tag("OIDC-Core-3.1.2.1")
class SilentTest {
  @Inject World world;

  private Person alice;
  private String client;
  private final String scope = "openid email " + World.API;
  private final Browser browser = new Browser();

  @BeforeEach
  void alice_has_a_client() {
    alice = world.alice();
    client = world.aPublicClient();
  }

  @Test
  void nobody_signed_in_is_login_required_and_leaves_nothing_behind() {
    var nonce = "nobody" + alice.username();

    var page = browser.get(World.authorize(client, Map.of("prompt", "none", "nonce", nonce)));

    assertThat(page.location()).startsWith(World.REDIRECT_URI + "?");
    assertThat(page.answer())
        .containsEntry("error", "login_required")
        .containsEntry("state", "zustand")
        .containsEntry("iss", House.url() + "/");
    assertThat(grants(nonce)).isZero();
  }

  @Test
  void what_was_allowed_before_is_answered_with_a_code() {
    allow(scope);

    for (var same : List.of(scope, "openid", World.API + " openid")) {
      var answer = silently(Map.of("scope", same)).answer();

      assertThat(answer).as(same).containsKeys("code", "state", "iss");
      var tokens = World.tokens(world.exchange(client, answer.get("code")));
      assertThat(tokens.scope().split(" ")).containsExactlyInAnyOrder(same.split(" "));
    }
  }

  @Test
  void it_is_answered_in_every_response_mode() {
    allow(scope);

    assertThat(silently(Map.of("response_mode", "fragment")).location())
        .startsWith(World.REDIRECT_URI + "#");
    assertThat(silently(Map.of("response_mode", "form_post")).fields()).containsKey("code");
  }

  @Test
  void a_form_from_another_site_is_answered_where_the_cookies_are() {
    allow(scope);

    var posted =
        browser.postFromElsewhere(
            "/authorize", World.request(client, Map.of("prompt", "none", "scope", scope)));
    var nobody =
        new Browser()
            .postFromElsewhere(
                "/authorize", World.request(client, Map.of("prompt", "none", "scope", scope)));

    assertThat(posted.location()).startsWith("/consent/");
    assertThat(browser.get(posted.location()).answer()).containsKey("code");
    assertThat(new Browser().get(nobody.location()).answer())
        .containsEntry("error", "login_required");
  }

  @Test
  void more_than_one_yes_covered_is_consent_required() {
    allow("openid " + World.API);
    allow("openid email");

    refused("consent_required", Map.of("scope", scope));
    refused("consent_required", Map.of("scope", "openid profile"));
    refused("consent_required", Map.of("scope", World.scope(World.device())));
  }

  @Test
  void a_claim_asked_for_by_name_counts_like_its_scope() {
    allow("openid");

    refused(
        "consent_required", Map.of("scope", "openid", "claims", "{\"userinfo\":{\"email\":null}}"));
  }

  @Test
  void the_yes_of_one_user_or_client_is_nobody_elses() {
    allow(scope);
    var metadata = World.metadata();
    metadata.put("client_name", "Another");
    var other = world.register(metadata).jsonPath().getString("client_id");
    var bobsBrowser = new Browser();
    world.signIn(bobsBrowser, world.alice(), "/login");

    refused("consent_required", Map.of("client_id", other));
    var bob = World.authorize(client, Map.of("prompt", "none", "scope", scope));
    assertThat(bobsBrowser.get(bobsBrowser.get(bob).location()).answer())
        .containsEntry("error", "consent_required");
  }

  @Test
  @Tag("RFC8252-8.6")
  void an_app_on_the_persons_own_machine_is_never_answered_silently() {
    var metadata = World.metadata();
    metadata.put("application_type", "native");
    metadata.put(
        "redirect_uris", List.of("org.example.app:/callback", "http://127.0.0.1/callback"));
    client = world.register(metadata).jsonPath().getString("client_id");
    world.signIn(browser, alice, "/login");

    for (var uri : List.of("org.example.app:/callback", "http://127.0.0.1:4711/callback")) {
      var changes = Map.of("redirect_uri", uri, "scope", scope);
      var question = browser.get(World.authorize(client, changes)).location();
      var allowed = browser.submit(question, browser.get(question), Map.of());
      assertThat(allowed.answer()).containsKey("code");

      refused("consent_required", changes);
    }
    assertThat(approvals()).isZero();
  }

  @Test
  void a_yes_counts_for_ninety_days() {
    allow(scope);
    World.sql(
        "update latchkey.approvals set approved_at = approved_at - interval '90 days 1 second'"
            + " where user_id = '"
            + alice.id()
            + "'");

    refused("consent_required", Map.of("scope", scope));
    allow(scope);
    assertThat(approvals()).isEqualTo(1);
  }

  @Test
  void an_alarm_takes_the_yes_back_and_the_clients_own_sign_out_does_not() {
    var code = allow(scope);
    var tokens = World.tokens(world.exchange(client, code));
    World.http().formParam("token", tokens.access()).post("/oauth2/revoke").then().statusCode(200);
    code = silently(Map.of("scope", scope)).answer().get("code");
    World.tokens(world.exchange(client, code));

    world.exchange(client, code, Map.of("code_verifier", "x".repeat(43))).then().statusCode(400);

    refused("consent_required", Map.of("scope", scope));
  }

  @Test
  void an_old_sign_in_is_login_required() {
    allow(scope);
    world.clock().advance(Duration.ofSeconds(30));

    refused("login_required", Map.of("scope", scope, "max_age", "20"));
    refused("login_required", Map.of("scope", scope, "max_age", "0"));
    assertThat(silently(Map.of("scope", scope, "max_age", "1000")).answer()).containsKey("code");
  }

  @Test
  void another_person_than_asked_for_is_told() {
    var tokens = World.tokens(world.exchange(client, allow(scope)));
    var bob = world.alice();
    var bobs = world.logIn(bob, client, World.device());
    var sub = "{\"id_token\":{\"sub\":{\"value\":\"" + Ids.text(bob.id()) + "\"}}}";

    refused("login_required", Map.of("scope", scope, "id_token_hint", bobs.idToken()));
    refused("login_required", Map.of("scope", scope, "claims", sub));
    refused(
        "account_selection_required",
        Map.of("scope", scope, "login_hint", "mxid:@" + bob.username() + ":example.com"));
    assertThat(silently(Map.of("scope", scope, "id_token_hint", tokens.idToken())).answer())
        .containsKey("code");
  }

  @Test
  void what_the_rules_refuse_is_interaction_required() {
    world.signIn(browser, alice, "/login");

    refused("interaction_required", Map.of("scope", World.API + " urn:synapse:admin:*"));
  }

  @Test
  void a_locked_account_is_login_required() {
    allow(scope);
    var path = World.authorize(client, Map.of("prompt", "none", "scope", scope));
    var waiting = browser.get(path).location();
    World.sql("update latchkey.users set locked_at = now() where id = '" + alice.id() + "'");

    assertThat(browser.get(waiting).answer()).containsEntry("error", "login_required");
    assertThat(browser.get(path).answer()).containsEntry("error", "login_required");
  }

  /// Alice signs in, if she is not yet, and allows; answers the code.
  private String allow(String scope) {
    var path = World.authorize(client, Map.of("scope", scope));
    var first = browser.get(path).location();
    if (first.startsWith("/login")) {
      first = world.signIn(browser, alice, first).location();
    }
    return browser.submit(first, browser.get(first), Map.of()).answer().get("code");
  }

  private Page silently(Map<String, String> changes) {
    var all = new HashMap<>(Map.of("prompt", "none", "scope", scope));
    all.putAll(changes);
    var page = browser.get(World.authorize(client, all));
    return page.location().startsWith("/consent/") ? browser.get(page.location()) : page;
  }

  private void refused(String error, Map<String, String> changes) {
    assertThat(silently(changes).answer())
        .as(changes.toString())
        .containsEntry("error", error)
        .doesNotContainKey("code");
  }

  private long approvals() {
    return World.count(
        "select count(*) from latchkey.approvals where user_id = '" + alice.id() + "'");
  }

  private static long grants(String nonce) {
    return World.count(
        "select count(*) from latchkey.authorization_grants where nonce = '" + nonce + "'");
  }
}
