package latchkey.endpoint.upstream;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream;
import latchkey.world.FakeUpstream.Endpoint;
import latchkey.world.FakeUpstream.Fault;
import latchkey.world.Trip;
import latchkey.world.UpstreamHouse;
import latchkey.world.World;
import org.junit.jupiter.api.Test;

/// Signing in through a provider, from the button on the sign-in page to where one was going.
@QuarkusTest
@WithTestResource(UpstreamHouse.class)
class UpstreamLoginTest extends UpstreamScene {
  @Test
  void the_first_sign_in_makes_the_account_and_tells_the_homeserver() {
    comes(UpstreamHouse.people());
    var path = Trip.arrive(browser, UpstreamHouse.people(), "?kind=manage_account");

    var question = browser.get(path);
    var made =
        browser.submit(
            path,
            question,
            Map.of("username", name, "import_email", "on", "import_display_name", "on"));

    assertThat(question.body())
        .contains("Sign up with People", name + "@people.example", "Erika &lt;" + name + "&gt;");
    assertThat(made.status()).as(made.body()).isEqualTo(303);
    assertThat(made.location()).isEqualTo("/account/");
    assertThat(signedIn(browser)).isEqualTo(name);
    world.runJobs();
    assertThat(world.homeserver().account(name).orElseThrow().emails())
        .containsExactly(name + "@people.example");
    assertThat(world.homeserver().displayName(name)).contains("Erika <" + name + ">");
    assertThat(events("user_registered", name)).isEqualTo(1);
    assertThat(
            count(
                "select count(*) from latchkey.upstream_sessions where coalesce(id_token_claims, userinfo, callback_parameters) is not null and consumed_at is not null"))
        .isZero();
  }

  @Test
  void every_further_one_finds_it_again_without_a_question() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(browser, people, "", name);
    people.person("sub-" + name, Map.of("preferred_username", "married", "email", "new@x.example"));

    for (var again : List.of(browser, new Browser())) {
      var back = Trip.through(again, people, "?kind=manage_account");

      assertThat(back.status()).isEqualTo(303);
      assertThat(back.location()).isEqualTo("/account/");
      assertThat(signedIn(again)).isEqualTo(name);
    }
    assertThat(users(name)).isEqualTo(1);
    assertThat(users("married")).isZero();
    assertThat(address(name)).isEqualTo(name + "@people.example");
  }

  @Test
  void a_client_gets_its_tokens() {
    var people = UpstreamHouse.people();
    comes(people);
    var client = world.aPublicClient();
    var login = browser.get(World.authorize(client, Map.of())).location();
    var button = button(browser.get(login), people);

    var there = browser.get(button).location();
    var arrival = Trip.ask(browser, there).deliver(browser).location();
    var made = browser.submit(arrival, browser.get(arrival), Map.of("username", name));
    world.runJobs();
    var consent = browser.get(made.location());
    var answer = browser.submit(made.location(), consent, Map.of()).answer();
    var tokens = World.tokens(world.exchange(client, answer.get("code")));

    assertThat(made.location()).startsWith("/consent/");
    assertThat(world.isActive(tokens.access())).isTrue();
    assertThat(World.claims(tokens.idToken()).getJsonArray("amr")).isNotEmpty();
  }

  @Test
  void a_legacy_client_gets_its_login_token() {
    var people = UpstreamHouse.people();
    comes(people);
    var sso =
        World.http()
            .get("/_matrix/client/v3/login/sso/redirect?redirectUrl=https://app.example.org/")
            .header("Location");
    var login = browser.get(sso).location();

    var there = browser.get(button(browser.get(login), people)).location();
    var arrival = Trip.ask(browser, there).deliver(browser).location();
    var made = browser.submit(arrival, browser.get(arrival), Map.of("username", name));
    var back = browser.submit(made.location(), browser.get(made.location()), Map.of());

    assertThat(made.location()).startsWith("/complete-compat-sso/");
    assertThat(back.location()).startsWith("https://app.example.org/?loginToken=");
  }

  @Test
  void form_post_userinfo_and_providers_without_id_tokens_work_too() {
    var posting = UpstreamHouse.posting();
    comes(posting);
    var made = Trip.register(browser, posting, "?kind=manage_account", "ignored");
    assertThat(made.location()).as(made.body()).isEqualTo("/account/");
    assertThat(signedIn(browser)).isEqualTo(name);

    var bare = UpstreamHouse.bare();
    var other = new Browser();
    bare.person("gh-" + name, Map.of("id", 4711 + name.hashCode(), "login", name + "gh"));
    assertThat(Trip.register(other, bare, "?kind=manage_account", name + "gh").location())
        .isEqualTo("/account/");
    assertThat(signedIn(other)).isEqualTo(name + "gh");
    assertThat(
            count(
                "select count(*) from latchkey.upstream_links where subject = '%d'"
                    .formatted(4711 + name.hashCode())))
        .isEqualTo(1);
  }

  @Test
  void whoever_skips_the_question_is_in_at_once() {
    var staff = UpstreamHouse.staff();
    comes(staff);

    var back = Trip.through(browser, staff, "?kind=manage_account");

    assertThat(back.status()).isEqualTo(303);
    assertThat(back.location()).isEqualTo("/account/");
    assertThat(signedIn(browser)).isEqualTo(name);
    world.runJobs();
    assertThat(world.homeserver().displayName(name)).contains("Erika <" + name + ">");
  }

  @Test
  void two_tabs_go_their_own_ways() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(new Browser(), people, "", name);

    var first = Trip.leave(browser, people, "?kind=change_password");
    var second = Trip.leave(browser, people, "?kind=manage_account");
    var firstBack = Trip.ask(browser, first).deliver(browser);
    var secondBack = Trip.ask(browser, second).deliver(browser);

    // Both arrive at one link; the newest trip goes first, and each has its own way on.
    var ways = List.of(browser.get(firstBack.location()), browser.get(secondBack.location()));
    assertThat(ways).extracting(Browser.Page::status).containsOnly(303);
    assertThat(ways)
        .extracting(Browser.Page::location)
        .containsExactlyInAnyOrder("/account/password/change", "/account/");
  }

  @Test
  void who_has_to_prove_it_once_more_can_do_so_there() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(browser, people, "", name);
    world.clock().advance(Duration.ofMinutes(20));
    var client = world.aPublicClient();
    var consent = browser.get(World.authorize(client, Map.of("prompt", "login"))).location();
    var login = browser.get(consent).location();
    var page = browser.get(login);

    assertThat(page.body())
        .contains("Confirm that it is you", "prove once more")
        .doesNotContain(UpstreamHouse.staff().id(), "name=\"password\"");
    var there = browser.get(button(page, people)).location();
    var arrival = Trip.ask(browser, there).deliver(browser).location();
    var back = browser.get(arrival);

    assertThat(back.location()).isEqualTo(consent);
    assertThat(browser.get(consent).status()).isEqualTo(200);
  }

  @Test
  void the_sign_in_page_names_every_provider_in_the_order_of_the_configuration() {
    var page = browser.get("/login?kind=manage_account").body();

    assertThat(page).containsSubsequence("People", "Posting", "Bare", "Staff");
    assertThat(page).contains("name=\"password\"", "kind=manage_account");
    assertThat(page)
        .containsPattern("data-brand=\"github\">\\s*<svg class=\"mark\" ")
        .containsPattern(">\\s*<span class=\"glyph\" aria-hidden=\"true\">S</span>\\s*<span>");
  }

  @Test
  void who_wants_an_account_chooses_a_provider() {
    var client = world.aPublicClient();

    var there = browser.get(World.authorize(client, Map.of("prompt", "create"))).location();
    var page = browser.get(there);

    assertThat(there).startsWith("/register?kind=continue_authorization_grant");
    assertThat(page.body())
        .contains("Make an account to continue to", "People", "Staff", "I have an account here");
    var sso =
        World.http()
            .get(
                "/_matrix/client/v3/login/sso/redirect?action=register&redirectUrl=https://app.example.org/")
            .header("Location");
    assertThat(browser.get(sso).location()).startsWith("/register?kind=continue_compat_sso_login");
  }

  @Test
  void a_provider_that_is_down_says_so_in_plain_words_and_is_back_by_itself() {
    var people = UpstreamHouse.people();
    comes(people);
    people.fault(Endpoint.TOKEN, Fault.IS_AWAY);

    var down = Trip.callback(browser, people, "?kind=manage_account");

    assertThat(down.status()).isEqualTo(503);
    assertThat(down.body())
        .contains("People does not answer", "Try again", "/upstream/authorize/" + people.id());
    assertThat(browser.get("/login").body())
        .contains("<bdi>People</bdi> does not answer at the moment", "<bdi>Staff</bdi>");
    UpstreamHouse.reset(world.clock());
    comes(people);
    awaitRecovery();
    assertThat(Trip.through(browser, people, "").status()).isEqualTo(200);
    assertThat(browser.get("/login").body()).doesNotContain("does not answer");
  }

  static String button(Browser.Page page, FakeUpstream provider) {
    var link = "href=\"([^\"]*/upstream/authorize/%s[^\"]*)\"".formatted(provider.id());
    var found = java.util.regex.Pattern.compile(link).matcher(page.body());
    assertThat(found.find()).as(page.body()).isTrue();
    return found.group(1).replace("&amp;", "&");
  }
}
