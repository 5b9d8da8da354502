package latchkey.endpoint.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Which account a client means: `select_account`, `create`, hints, and the one who presses the
/// button.
@QuarkusTest
@WithTestResource(House.class)
@Tag("OIDC-Core-3.1.2.1")
class AccountChoiceTest {
  @Inject World world;
  @Inject AuthorizationGrants grants;

  private Person alice;
  private Person bob;
  private String client;
  private final Browser browser = new Browser();

  @BeforeEach
  void alice_is_signed_in() {
    alice = world.alice();
    bob = world.alice();
    client = world.aPublicClient();
    world.signIn(browser, alice, "/login");
  }

  @Test
  void select_account_lets_the_person_go_on_as_who_they_are() {
    var path = start(Map.of("prompt", "select_account"));

    var choice = browser.get(path);
    var chosen = browser.submit(path, choice, Map.of());
    var question = browser.get(chosen.location());

    assertThat(choice.body())
        .contains("data-kind=\"select_account\"", "Continue as", "@" + alice.username() + ":");
    assertThat(chosen.location()).isEqualTo(path);
    assertThat(question.body()).contains("Allow");
    assertThat(browser.submit(path, question, Map.of()).answer()).containsKey("code");
  }

  @Test
  void select_account_lets_the_person_take_another_account() {
    var path = start(Map.of("prompt", "select_account"));

    var signedOut = browser.submit("/logout", browser.get(path), Map.of());
    var signedIn = world.signIn(browser, bob, signedOut.location());

    assertThat(signedIn.location()).isEqualTo(path);
    assertThat(browser.get(path).body()).contains("@" + bob.username() + ":", "Allow");
  }

  @Test
  void allow_before_a_choice_is_no_answer() {
    var path = start(Map.of("prompt", "select_account"));
    var other = browser.get(start(Map.of()));

    var page = browser.submit(path, other, Map.of());

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("data-kind=\"select_account\"");
  }

  @Test
  void not_now_on_the_choice_goes_back_to_the_client() {
    var link = browser.get(start(Map.of("prompt", "select_account"))).body();
    var form = browser.get(start(Map.of("prompt", "select_account", "response_mode", "form_post")));

    assertThat(link).contains("href=\"" + World.REDIRECT_URI + "?").contains("access_denied");
    assertThat(form.body()).contains("action=\"" + World.REDIRECT_URI + "\"");
    assertThat(form.fields()).containsEntry("error", "access_denied");
  }

  @Test
  void a_new_account_is_asked_for_in_words_while_there_is_no_way_to_make_one() {
    var signedOut = new Browser();
    var path = World.authorize(client, Map.of("prompt", "create"));

    var login = signedOut.get(signedOut.get(path).location());
    var choice = browser.get(start(Map.of("prompt", "create")));

    assertThat(login.body()).contains("New accounts cannot be made");
    assertThat(choice.body())
        .contains("data-kind=\"create\"", "You have an account already", "Use another account");
  }

  @Test
  void a_login_hint_at_another_user_is_a_question_and_one_at_this_user_is_none() {
    var other =
        browser.get(start(Map.of("login_hint", "mxid:@" + bob.username() + ":example.com")));

    assertThat(other.body())
        .contains("data-kind=\"login_hint\"", "@" + bob.username() + ":example.com", "Continue as");
    for (var hint :
        List.of(
            "mxid:@" + alice.username() + ":example.com",
            "mxid:@" + bob.username() + ":elsewhere.example.net",
            "bob@example.net",
            "mxid:@please call 0190 12345:example.com",
            "mxid:",
            "+49 30 1234",
            "\"><script>")) {
      assertThat(browser.get(start(Map.of("login_hint", hint))).body()).as(hint).contains("Allow");
    }
  }

  @Test
  void an_id_token_hint_lets_nobody_else_answer() {
    var bobs = world.logIn(bob, client, World.device()).idToken();
    var path = start(Map.of("id_token_hint", bobs));
    var other = browser.get(start(Map.of()));

    var page = browser.get(path);
    var sent = browser.submit(path, other, Map.of());
    var chosen = browser.submit(path, other, Map.of("act", "continue"));

    assertThat(page.body())
        .contains("data-kind=\"wrong_account\"", "Use another account")
        .doesNotContain("Continue as", "Allow");
    assertThat(sent.body()).contains("data-kind=\"wrong_account\"");
    assertThat(browser.get(chosen.location()).body()).contains("data-kind=\"wrong_account\"");
    assertThat(grants.fulfil(id(path), sessionOf(alice), world.clock().instant())).isEmpty();

    var loginPath = browser.submit("/logout", page, Map.of()).location();
    assertThat(browser.get(loginPath).body()).contains("value=\"" + bob.username() + "\"");
    world.signIn(browser, bob, loginPath);
    assertThat(browser.submit(path, browser.get(path), Map.of()).answer()).containsKey("code");
  }

  @Test
  void a_sub_asked_for_by_value_lets_nobody_else_answer() {
    for (var member : List.of("id_token", "userinfo")) {
      var wanted = "{\"%s\":{\"sub\":{\"value\":\"%s\"}}}".formatted(member, Ids.text(bob.id()));
      var path = start(Map.of("claims", wanted));

      assertThat(browser.get(path).body()).contains("data-kind=\"wrong_account\"");
      assertThat(grants.fulfil(id(path), sessionOf(alice), world.clock().instant())).isEmpty();
      // The sign-in page does not tell a client's guess whose it is.
      var signedOut = new Browser();
      var login = signedOut.get(World.authorize(client, Map.of("claims", wanted))).location();
      assertThat(signedOut.get(login).body()).doesNotContain(bob.username());
    }
  }

  @Test
  void a_hint_that_is_signed_out_of_date_is_still_a_hint() {
    var old = world.logIn(alice, client, World.device()).idToken();
    world.clock().advance(Duration.ofHours(2));

    assertThat(browser.get(start(Map.of("id_token_hint", old))).body()).contains("Allow");
  }

  @Test
  void a_hint_that_is_none_of_ours_is_invalid_request() {
    var metadata = World.metadata();
    metadata.put("client_name", "Another");
    var other = world.register(metadata).jsonPath().getString("client_id");
    var others = world.logIn(alice, other, World.device()).idToken();
    var good = world.logIn(alice, client, World.device()).idToken();
    var parts = good.split("\\.");
    var payload = new String(Base64.getUrlDecoder().decode(parts[1]));
    var forged = payload.replace(Ids.text(alice.id()), Ids.text(bob.id()));
    assertThat(forged).isNotEqualTo(payload);

    for (var hint :
        List.of(
            others,
            parts[0] + "." + encoded(forged) + "." + parts[2],
            encoded("{\"alg\":\"none\"}") + "." + encoded(forged) + ".",
            encoded("{\"alg\":\"HS256\"}") + "." + encoded(forged) + "." + encoded("x"),
            "nonsense",
            "a.b.c")) {
      assertThat(browser.get(World.authorize(client, Map.of("id_token_hint", hint))).answer())
          .as(hint)
          .containsEntry("error", "invalid_request");
    }
  }

  @Test
  void a_page_shown_to_one_person_is_no_answer_of_the_next() {
    var path = start(Map.of());
    var alices = browser.get(path);
    world.signIn(browser, bob, browser.submit("/logout", alices, Map.of()).location());

    var page = browser.submit(path, alices, Map.of());

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("@" + bob.username() + ":", "Allow");
    // A form that names nobody is MAS's own, and is still taken.
    var csrf = Map.of("csrf", page.fields().get("csrf"));
    assertThat(browser.post(path, csrf).answer()).containsKey("code");
  }

  @Test
  void what_is_only_a_wish_never_fails_a_request() {
    for (var wish :
        List.of(
            Map.of("display", "nonsense"),
            Map.of("acr_values", "urn:none:of these"),
            Map.of("claims_locales", "!!"),
            Map.of("ui_locales", "!! de_DE x " + "y".repeat(300)))) {
      assertThat(browser.get(start(wish)).body()).as(wish.toString()).contains("Allow");
    }
  }

  @Test
  void the_languages_the_client_asks_for_stay_with_the_grant() {
    var path = start(Map.of("ui_locales", "de-AT !! en-GB zh-Hans x"));

    assertThat(grants.find(id(path)))
        .isInstanceOfSatisfying(
            AuthorizationGrants.Lookup.Pending.class,
            found ->
                assertThat(found.grant().uiLocales()).containsExactly("de-AT", "en-GB", "zh-Hans"));
  }

  private String start(Map<String, String> changes) {
    var location = browser.get(World.authorize(client, changes)).location();
    assertThat(location).as(changes.toString()).startsWith("/consent/");
    return location;
  }

  private static UUID id(String consentPath) {
    return Ids.parse(consentPath.substring("/consent/".length())).orElseThrow();
  }

  private static UUID sessionOf(Person person) {
    return World.uuid(
        "select id from latchkey.browser_sessions where finished_at is null and user_id = '"
            + person.id()
            + "' order by id desc limit 1");
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes());
  }
}
