package latchkey.endpoint.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import latchkey.base.system.Ids;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Several demands at once, each walked page by page to the tokens: first which account, then its
/// password, then the question, whoever the person decides to be.
@Tag("slow")
@QuarkusTest
@WithTestResource(House.class)
@Tag("OIDC-Core-3.1.2.1")
class PromptCombinationsTest {
  private static final Pattern KIND = Pattern.compile("data-kind=\"([a-z_]+)\"");
  private static final Pattern NAME =
      Pattern.compile("name=\"username\" type=\"text\" value=\"([^\"]*)\"");

  /// @param shown the account page the person sees first
  /// @param proof whether the sign-in there was is too old
  private record Case(Map<String, String> demands, String shown, boolean proof) {}

  /// The pages somebody went through, and what the client was told in the end.
  private record Walk(List<String> pages, JsonObject claims) {}

  @Inject World world;

  private Person alice;
  private Person bob;
  private String client;
  private Browser browser;

  @BeforeEach
  void alice_has_been_signed_in_for_a_while() {
    alice = world.alice();
    bob = world.alice();
    client = world.aPublicClient();
    signInAlice();
  }

  @Test
  void who_stays_is_asked_for_the_account_then_for_its_password() {
    for (var test : cases()) {
      world.clock().advance(Duration.ofSeconds(100));
      var began = world.clock().instant().getEpochSecond();

      var walk = walk(start(test.demands()), alice);

      assertThat(walk.pages())
          .as(test.toString())
          .isEqualTo(
              test.proof()
                  ? List.of(test.shown(), "confirm", "allow")
                  : List.of(test.shown(), "allow"));
      assertThat(walk.claims().getString("sub")).isEqualTo(Ids.text(alice.id()));
      assertThat(walk.claims().getLong("auth_time") >= began)
          .as("a new sign-in: " + test)
          .isEqualTo(test.proof());
    }
  }

  @Test
  void who_takes_another_account_signs_in_once_and_is_asked_nothing_twice() {
    for (var test : cases()) {
      signInAlice();

      var walk = walk(start(test.demands()), bob);

      assertThat(walk.pages()).as(test.toString()).containsExactly(test.shown(), "login", "allow");
      assertThat(walk.claims().getString("sub")).isEqualTo(Ids.text(bob.id()));
    }
  }

  @Test
  void a_form_from_another_site_meets_the_same_page_first() {
    for (var test : cases()) {
      var request = World.request(client, test.demands());

      var toLogin = browser.postFromElsewhere("/authorize", request).location();
      var toConsent = browser.get(toLogin).location();

      assertThat(toLogin).startsWith("/login?kind=");
      assertThat(browser.get(toConsent).body()).as(test.toString()).contains(kind(test));
    }
  }

  @Test
  void nothing_gets_from_the_choice_to_the_code_without_the_password() {
    for (var test : cases().stream().filter(Case::proof).toList()) {
      var question = browser.get(start(Map.of()));
      var path = start(test.demands());

      var early = browser.submit(path, question, Map.of());
      browser.submit(path, browser.get(path), Map.of());
      var late = browser.submit(path, question, Map.of());

      assertThat(early.body()).as(test.toString()).contains(kind(test));
      assertThat(late.location()).as(test.toString()).startsWith("/login?kind=");
      assertThat(browser.get(late.location()).body()).contains("Confirm that it is you");
    }
  }

  @Test
  void who_only_has_to_confirm_may_still_be_somebody_else() {
    for (var demands : List.of(Map.of("prompt", "login"), Map.of("max_age", "50"))) {
      signInAlice();

      var walk = walk(start(demands), bob);

      assertThat(walk.pages()).containsExactly("confirm", "login", "allow");
      assertThat(walk.claims().getString("sub")).isEqualTo(Ids.text(bob.id()));
    }
  }

  @Test
  void who_is_signed_out_signs_in_once_whatever_is_demanded() {
    for (var each :
        List.of(
            Map.of("prompt", "login"),
            Map.of("max_age", "0"),
            Map.of("prompt", "login consent", "max_age", "0"),
            Map.of("prompt", "create login"),
            Map.of("prompt", "select_account login", "max_age", "50"))) {
      browser = new Browser();
      var began = world.clock().instant().getEpochSecond();

      var walk = walk(browser.get(World.authorize(client, each)).location(), bob);

      assertThat(walk.pages()).as(each.toString()).containsExactly("login", "allow");
      assertThat(walk.claims().getLong("auth_time")).isGreaterThanOrEqualTo(began);
    }
  }

  private List<Case> cases() {
    var hint = Map.of("login_hint", "mxid:@" + bob.username() + ":example.com");
    return List.of(
        new Case(Map.of("prompt", "create login"), "create", true),
        new Case(Map.of("prompt", "login create"), "create", true),
        new Case(Map.of("prompt", "create", "max_age", "50"), "create", true),
        new Case(Map.of("prompt", "create", "max_age", "5000"), "create", false),
        new Case(Map.of("prompt", "create login", "max_age", "50"), "create", true),
        new Case(Map.of("prompt", "select_account login"), "select_account", true),
        new Case(Map.of("prompt", "select_account", "max_age", "50"), "select_account", true),
        new Case(Map.of("prompt", "select_account", "max_age", "0"), "select_account", true),
        new Case(Map.of("prompt", "select_account consent"), "select_account", false),
        new Case(Map.of("prompt", "select_account login", "max_age", "50"), "select_account", true),
        new Case(Map.of("prompt", "create select_account login"), "create", true),
        new Case(with(hint, "prompt", "login"), "login_hint", true),
        new Case(with(hint, "max_age", "50"), "login_hint", true),
        new Case(with(hint, "prompt", "consent"), "login_hint", false),
        new Case(with(hint, "prompt", "select_account"), "select_account", false),
        new Case(with(hint, "prompt", "select_account login"), "select_account", true),
        new Case(with(hint, "prompt", "create login"), "create", true));
  }

  private static Map<String, String> with(Map<String, String> hint, String name, String value) {
    var demands = new HashMap<>(hint);
    demands.put(name, value);
    return demands;
  }

  private static String kind(Case test) {
    return "data-kind=\"" + test.shown() + "\"";
  }

  private void signInAlice() {
    browser = new Browser();
    world.signIn(browser, alice, "/login");
    world.clock().advance(Duration.ofSeconds(100));
  }

  private String start(Map<String, String> demands) {
    var location = browser.get(World.authorize(client, demands)).location();
    assertThat(location).as(demands.toString()).startsWith("/consent/");
    return location;
  }

  /// Answers page after page as this person would, whoever is signed in.
  private Walk walk(String from, Person person) {
    var pages = new ArrayList<String>();
    var path = from;
    for (int i = 0; i < 20; i++) {
      var page = browser.get(path);
      var account = KIND.matcher(page.body());
      var name = NAME.matcher(page.body());
      if (page.status() == 303) {
        path = page.location();
      } else if (account.find()) {
        pages.add(account.group(1));
        assertThat(page.body()).contains("Continue as", "Use another account", "Not now");
        boolean stays = person.equals(alice);
        path = browser.submit(stays ? path : "/logout", page, Map.of()).location();
      } else if (name.find()) {
        boolean confirm = page.body().contains("Confirm that it is you");
        pages.add(confirm ? "confirm" : "login");
        if (confirm && !person.equals(alice)) {
          assertThat(page.body()).contains("Use another account");
          path = browser.submit("/logout", page, Map.of()).location();
          continue;
        }
        // The name that stands there already is the right one.
        assertThat(name.group(1)).isIn("", person.username());
        assertThat(name.group(1).isEmpty() && confirm).isFalse();
        var typed = Map.of("username", person.username(), "password", person.password());
        path = browser.submit(path, page, typed).location();
      } else {
        pages.add("allow");
        assertThat(page.body()).contains("@" + person.username() + ":", "Allow");
        var code = browser.submit(path, page, Map.of()).answer().get("code");
        var tokens = World.tokens(world.exchange(client, code));
        return new Walk(pages, World.claims(tokens.idToken()));
      }
    }
    throw new AssertionError("no end of it: " + pages);
  }
}
