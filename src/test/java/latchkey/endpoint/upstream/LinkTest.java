package latchkey.endpoint.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.Trip;
import latchkey.world.UpstreamHouse;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who comes back, and who is here (`pages.md` 5.3); linking and unlinking.
@QuarkusTest
@WithTestResource(UpstreamHouse.class)
class LinkTest extends UpstreamScene {
  private static final String WAYS = "/account/ways";

  @Test
  void somebody_who_is_signed_in_comes_back_as_themselves() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(browser, people, "", name);

    assertThat(Trip.through(browser, people, "?kind=manage_account").location())
        .isEqualTo("/account/");

    assertThat(signedIn(browser)).isEqualTo(name);
  }

  @Test
  void somebody_who_is_signed_in_as_another_is_asked_to_sign_out_first() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(new Browser(), people, "", name);
    var alice = signedInAlice(browser);
    var path = Trip.arrive(browser, people, "?kind=manage_account");

    var page = browser.get(path);
    var refused = browser.submit(path, page, Map.of("action", "link"));

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("belongs to another account", "@" + alice.username() + ":example.com");
    assertThat(refused.body()).contains("belongs to another account");
    assertThat(links(alice.username())).isZero();
    assertThat(signedIn(browser)).isEqualTo(alice.username());
    // Signed out, they come in as who they are at the provider, and go where they were going.
    var out = browser.submit("/logout", page, Map.of());
    assertThat(out.location()).isEqualTo(path);
    assertThat(browser.get(path).location()).isEqualTo("/account/");
    assertThat(signedIn(browser)).isEqualTo(name);
  }

  @Test
  void who_signs_out_is_not_let_in_by_a_trip_that_is_back() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(new Browser(), people, "", name);
    signedInAlice(browser);
    var path = Trip.arrive(browser, people, "?kind=manage_account");
    var underWay = Trip.ask(browser, Trip.leave(browser, people, "?kind=manage_account"));

    browser.submit("/logout", browser.get("/account/"), Map.of());

    assertThat(browser.get(path).status()).isEqualTo(400);
    assertThat(signedIn(browser)).isEmpty();
    assertThat(underWay.deliver(browser).status()).as("one that is not back").isEqualTo(303);
  }

  @Test
  void whose_account_it_is_that_is_linked_is_shown_whatever_the_admin_left_out() {
    var posting = UpstreamHouse.posting();
    comes(posting);
    signedInAlice(browser);

    var page = Trip.through(browser, posting, "?kind=account_page&page=ways");

    assertThat(page.body()).contains("(<bdi>" + name + "</bdi>)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update latchkey.users set can_request_admin = true where id = '%1$s'|may ask for admin rights",
        "insert into latchkey.upstream_links (id, provider_id, user_id, subject, granted_scopes, created_at)"
            + " select gen_random_uuid(), id, '%1$s', 'sub-%1$s', '{urn:example:reports}', now()"
            + " from latchkey.upstream_providers where human_name = 'People'|has scopes by a group at a provider"
      },
      quoteCharacter = '"')
  void whoever_may_rule_is_nobody_by_name(String right, String obstacle) {
    var staff = UpstreamHouse.staff();
    var alice = world.alice();
    World.sql(right.formatted(alice.id()));
    long links = links(alice.username());
    var reason = "User exists, and " + obstacle;
    long refusals = refusals(reason);
    staff.person("sub-" + name, claims(alice.username()));

    var page = Trip.through(browser, staff, "");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("data-error-code=\"User exists\"");
    assertThat(links(alice.username())).isEqualTo(links);
    assertThat(signedIn(browser)).isEmpty();
    assertThat(refusals(reason)).isEqualTo(refusals + 1);
  }

  @Test
  void what_is_nobodys_can_be_linked() {
    var people = UpstreamHouse.people();
    comes(people);
    var alice = signedInAlice(browser);
    var path = Trip.arrive(browser, people, "?kind=account_page&page=ways");

    var page = browser.get(path);
    assertThat(links(alice.username())).as("loading a page links nothing").isZero();
    var linked = browser.submit(path, page, Map.of());

    assertThat(page.body()).contains("Link <bdi>People</bdi> to your account?", name);
    assertThat(linked.location()).isEqualTo(WAYS);
    assertThat(links(alice.username())).isEqualTo(1);
    assertThat(events("upstream_linked", alice.username())).isEqualTo(1);
    assertThat(users(name)).isZero();
    assertThat(browser.get(WAYS).body())
        .contains("People", name, "Linked", "Link <bdi>Posting</bdi>")
        .doesNotContain("Link <bdi>People</bdi>", "Continue with");
    var elsewhere = new Browser();
    Trip.through(elsewhere, people, "");
    assertThat(signedIn(elsewhere)).isEqualTo(alice.username());
  }

  @Test
  void linking_wants_a_recent_sign_in_and_a_form_of_ours() {
    var people = UpstreamHouse.people();
    comes(people);
    var alice = signedInAlice(browser);
    world.clock().advance(Duration.ofMinutes(20));
    var path = Trip.arrive(browser, people, "?kind=account_page&page=ways");
    var page = browser.get(path);

    assertThat(browser.post(path, Map.of("action", "link")).status()).isEqualTo(400);
    var login = browser.submit(path, page, Map.of());

    assertThat(login.location()).startsWith("/login?kind=link_upstream");
    assertThat(links(alice.username())).isZero();
    var back = world.signIn(browser, alice, login.location());
    assertThat(back.location()).isEqualTo(path);
    assertThat(browser.submit(path, browser.get(path), Map.of()).location()).isEqualTo(WAYS);
    assertThat(links(alice.username())).isEqualTo(1);
  }

  @Test
  void who_has_an_account_already_signs_in_to_it_and_links() {
    var people = UpstreamHouse.people();
    comes(people);
    var alice = world.alice();
    var path = Trip.arrive(browser, people, "?kind=manage_account");
    var page = browser.get(path);
    var login =
        page.body()
            .replaceAll("(?s).*href=\"(/login\\?kind=link_upstream[^\"]*)\".*", "$1")
            .replace("&amp;", "&");

    var form = browser.get(login);
    var back = world.signIn(browser, alice, login);
    var linked = browser.submit(path, browser.get(back.location()), Map.of());

    assertThat(form.body())
        .contains("Sign in to link <bdi>People</bdi>")
        .doesNotContain("/upstream/authorize/" + people.id());
    assertThat(back.location()).isEqualTo(path);
    assertThat(linked.location()).isEqualTo("/account/");
    assertThat(links(alice.username())).isEqualTo(1);
  }

  @Test
  void a_locked_or_deactivated_account_says_so_and_opens_nothing() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(new Browser(), people, "", name);

    for (var state : new String[] {"locked_at", "deactivated_at"}) {
      World.sql(
          "update latchkey.users set %s = now() where username = '%s'".formatted(state, name));
      var who = new Browser();
      var path = Trip.arrive(who, people, "?kind=manage_account");
      var page = who.get(path);

      assertThat(who.get(path).status()).as("loaded again").isEqualTo(200);
      assertThat(signedIn(who)).isEmpty();
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body())
          .contains("@" + name + ":example.com", state.equals("locked_at") ? "locked" : "deleted");
    }
    assertThat(events("upstream_refused", name)).isEqualTo(2);
  }

  @Test
  void the_address_of_an_account_that_is_here_opens_nothing() {
    var people = UpstreamHouse.people();
    var alice = world.alice();
    World.sql(
        "insert into latchkey.user_emails (id, user_id, email, created_at) values (gen_random_uuid(), '%s', '%s@people.example', now())"
            .formatted(alice.id(), name.toUpperCase(Locale.ROOT)));
    comes(people);

    var refused = Trip.register(browser, people, "", name);

    assertThat(refused.status()).isEqualTo(200);
    assertThat(refused.body())
        .contains("This address cannot be used", "id=\"email-error\"", "kind=link_upstream");
    assertThat(users(name)).as("nothing is half made").isZero();
    assertThat(links(alice.username())).isZero();
    // Without the address there is an account, and it is not hers.
    var path = Trip.arrive(browser, people, "");
    browser.submit(path, browser.get(path), Map.of("username", name));
    assertThat(signedIn(browser)).isEqualTo(name);
    assertThat(address(name)).isEqualTo("null");
  }

  @Test
  void a_way_to_sign_in_is_let_go_after_a_recent_sign_in_and_a_question() {
    var people = UpstreamHouse.people();
    comes(people);
    var alice = signedInAlice(browser);
    var path = Trip.arrive(browser, people, "?kind=account_page&page=ways");
    browser.submit(path, browser.get(path), Map.of());
    var way = path.replace("/upstream/link", WAYS);
    var elsewhere = new Browser();
    Trip.through(elsewhere, people, "");
    assertThat(signedIn(elsewhere)).isEqualTo(alice.username());
    var client = begunIn(elsewhere);
    World.sql(
        "update latchkey.upstream_links set granted_scopes = '{urn:example:reports}', gave_admin = true where user_id = '%s'"
            .formatted(alice.id()));
    World.sql(
        "update latchkey.users set can_request_admin = true where id = '%s'".formatted(alice.id()));
    world.clock().advance(Duration.ofMinutes(20));

    assertThat(browser.get(way).location()).startsWith("/login?kind=account_page&page=way");
    assertThat(browser.post(way, browser.get("/account/").fields()).location())
        .startsWith("/login?kind=account_page&page=way");
    assertThat(links(alice.username())).isEqualTo(1);
    world.signIn(browser, alice, browser.get(way).location());
    var page = browser.get(way);
    assertThat(browser.post(way, Map.of()).status()).isEqualTo(400);
    var gone = browser.submit(way, page, Map.of());

    assertThat(page.body())
        .contains(
            "Unlink <bdi>People</bdi>?", "apps that you signed in to that way are signed out");
    assertThat(signedIn(browser)).as("where they sit").isEqualTo(alice.username());
    assertThat(elsewhere.get("/account/").body())
        .as("what was begun through it")
        .contains("You were signed out");
    assertThat(world.isActive(client.access())).isFalse();
    assertThat(
            World.count(
                "select count(*) from latchkey.users where id = '%s' and can_request_admin"
                    .formatted(alice.id())))
        .isZero();
    assertThat(events("admin_withdrawn", alice.username())).isEqualTo(1);
    assertThat(
            World.count(
                "select count(*) from latchkey.upstream_links where subject = 'sub-%s' and granted_scopes = '{}' and not gave_admin"
                    .formatted(name)))
        .as("whoever links it next inherits nothing")
        .isEqualTo(1);
    assertThat(gone.location()).isEqualTo(WAYS + "?unlinked=1");
    assertThat(links(alice.username())).isZero();
    assertThat(events("upstream_unlinked", alice.username())).isEqualTo(1);
    assertThat(browser.get(way).status()).isEqualTo(404);
    assertThat(Trip.through(new Browser(), people, "").body()).contains("Sign up with People");
  }

  @Test
  void the_last_way_to_sign_in_stays() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(browser, people, "", name);
    var first = browser.get(WAYS).body().replaceAll("(?s).*(/account/ways/[0-9A-Z]{26}).*", "$1");

    var page = browser.get(first);
    var refused = browser.post(first, browser.get("/account/").fields());

    assertThat(page.body()).contains("the only way", "data-error-code=\"last\"");
    assertThat(refused.location()).isEqualTo(first);
    assertThat(links(name)).isEqualTo(1);
    // With a second one either can go, and then the other stays.
    comes(UpstreamHouse.posting());
    var second = Trip.arrive(browser, UpstreamHouse.posting(), "?kind=account_page&page=ways");
    browser.submit(second, browser.get(second), Map.of());
    assertThat(links(name)).isEqualTo(2);
    assertThat(browser.submit(first, browser.get(first), Map.of()).location())
        .isEqualTo(WAYS + "?unlinked=1");
    assertThat(browser.get(second.replace("/upstream/link", WAYS)).body()).contains("the only way");
  }

  @Test
  void nobody_lets_go_what_is_somebody_elses() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(browser, people, "", name);
    var way = browser.get(WAYS).body().replaceAll("(?s).*(/account/ways/[0-9A-Z]{26}).*", "$1");
    var other = new Browser();
    signedInAlice(other);

    assertThat(other.get(way).status()).isEqualTo(404);
    assertThat(other.post(way, other.get("/account/").fields()).status()).isEqualTo(404);
    assertThat(links(name)).isEqualTo(1);
  }

  @Test
  void who_signs_out_there_on_the_way_does_not_come_in() {
    var people = UpstreamHouse.people();
    comes(people);
    var path = Trip.arrive(browser, people, "");
    var page = browser.get(path);

    World.http()
        .formParam("logout_token", people.logoutToken("sub-" + name, null, _ -> {}))
        .post("/upstream/backchannel-logout/" + people.id())
        .then()
        .statusCode(200);
    browser.submit(path, page, Map.of("username", name));

    assertThat(users(name)).isZero();
    assertThat(signedIn(browser)).isEmpty();
  }

  /// A client that somebody signs in to in this browser.
  private World.Tokens begunIn(Browser who) {
    var client = world.aPublicClient();
    var path = World.authorize(client, Map.of("scope", World.scope(World.device())));
    var page = who.get(path);
    while (page.status() == 303) {
      path = page.location();
      page = who.get(path);
    }
    return World.tokens(
        world.exchange(client, who.submit(path, page, Map.of()).answer().get("code")));
  }

  private Person signedInAlice(Browser who) {
    var alice = world.alice();
    world.signIn(who, alice, "/login");
    return alice;
  }
}
