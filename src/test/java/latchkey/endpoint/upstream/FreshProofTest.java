package latchkey.endpoint.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream;
import latchkey.world.Trip;
import latchkey.world.UpstreamHouse;
import latchkey.world.World;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever is let through by a provider because they were signed in there has proved nothing a
/// moment ago, as at a browser that somebody forgot.
@QuarkusTest
@WithTestResource(UpstreamHouse.class)
@Tag("OIDC-Core-3.1.2.1")
class FreshProofTest extends UpstreamScene {
  private static final String HOME = "?kind=manage_account";

  private FakeUpstream people;

  @BeforeEach
  void somebody_signed_in_twenty_minutes_ago() {
    people = UpstreamHouse.people();
    comes(people);
    Trip.register(browser, people, HOME, name);
    world.clock().advance(Duration.ofMinutes(20));
  }

  /// What the provider says from now on of when they signed in there; null for nothing.
  private void signedInThere(@Nullable Duration ago) {
    people.onIdToken(
        claims -> {
          claims.remove("auth_time");
          if (ago != null) {
            claims.put("auth_time", world.clock().instant().minus(ago).getEpochSecond());
          }
        });
  }

  private String way() {
    var page = browser.get("/account/ways").body();
    return page.replaceAll("(?s).*(/account/ways/[0-9A-Z]{26}).*", "$1");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 0})
  void a_silent_trip_opens_nothing_that_wants_a_recent_sign_in(int minutes) {
    signedInThere(minutes == 0 ? null : Duration.ofMinutes(minutes));
    var way = way();

    var silent = Trip.through(browser, people, HOME);

    assertThat(silent.location()).isEqualTo("/account/");
    assertThat(browser.get(way).location()).startsWith("/login?kind=account_page&page=way");
    assertThat(browser.post(way, browser.get("/account/").fields()).location())
        .startsWith("/login");
    assertThat(browser.get("/account/app-passwords/new").location()).startsWith("/login");
    assertThat(links(name)).isEqualTo(1);
    // Nor can an account elsewhere be linked.
    var posting = UpstreamHouse.posting();
    posting.person("mine-" + name, claims(name));
    var link = Trip.arrive(browser, posting, "?kind=account_page&page=ways");
    assertThat(browser.submit(link, browser.get(link), Map.of()).location())
        .startsWith("/login?kind=link_upstream");
    assertThat(links(name)).isEqualTo(1);
  }

  @Test
  void nor_does_signing_out_and_in_again() {
    signedInThere(Duration.ofMinutes(20));
    var way = way();
    browser.submit("/logout", browser.get("/account/"), Map.of());

    assertThat(Trip.through(browser, people, HOME).location()).isEqualTo("/account/");

    assertThat(signedIn(browser)).isEqualTo(name);
    assertThat(browser.get(way).location()).startsWith("/login");
  }

  @Test
  void who_has_to_prove_it_is_asked_there_and_told_if_they_were_not() {
    signedInThere(Duration.ofMinutes(20));
    var way = way();
    var button = UpstreamLoginTest.button(browser.get(browser.get(way).location()), people);

    var there = browser.get(button).location();
    var asked = new Browser.Page(302, "", Map.of("location", there)).answer();
    var silent = browser.get(Trip.ask(browser, there).deliver(browser).location());

    assertThat(asked).containsEntry("prompt", "login").containsEntry("max_age", "0");
    assertThat(silent.status()).isEqualTo(403);
    assertThat(silent.body()).contains("People did not ask you anew", "Try again");
    assertThat(browser.get(way).location()).startsWith("/login");
    signedInThere(Duration.ofSeconds(10));
    var anew = browser.get(button).location();
    assertThat(browser.get(Trip.ask(browser, anew).deliver(browser).location()).location())
        .isEqualTo(way);
    assertThat(browser.get(way).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_age", "prompt"})
  void a_client_that_wants_a_new_sign_in_gets_no_old_one(String demand) {
    signedInThere(Duration.ofMinutes(20));
    var demands = Map.of(demand, demand.equals("max_age") ? "60" : "login");
    var consent = browser.get(World.authorize(world.aPublicClient(), demands)).location();
    var login = browser.get(consent).location();
    var button = UpstreamLoginTest.button(browser.get(login), people);

    var there = browser.get(button).location();
    var silent = browser.get(Trip.ask(browser, there).deliver(browser).location());

    assertThat(silent.status()).isEqualTo(403);
    assertThat(browser.get(consent).location()).startsWith("/login");
    signedInThere(Duration.ofSeconds(10));
    var anew = browser.get(button).location();
    assertThat(browser.get(Trip.ask(browser, anew).deliver(browser).location()).location())
        .isEqualTo(consent);
    assertThat(browser.get(consent).status()).isEqualTo(200);
  }

  @Test
  void the_id_token_says_when_it_was() {
    signedInThere(Duration.ofHours(3));
    var then = world.clock().instant().minus(Duration.ofHours(3)).getEpochSecond();
    var other = new Browser();
    Trip.through(other, people, HOME);
    var client = world.aPublicClient();

    var consent = other.get(World.authorize(client, Map.of())).location();
    var answer = other.submit(consent, other.get(consent), Map.of()).answer();
    var claims = World.claims(World.tokens(world.exchange(client, answer.get("code"))).idToken());

    assertThat(claims.getLong("auth_time")).isBetween(then, then + 60);
  }

  @Test
  void a_wish_for_an_account_goes_only_to_providers_that_know_it() {
    var client = world.aPublicClient();
    var register =
        new Browser().get(World.authorize(client, Map.of("prompt", "create"))).location();
    var stranger = new Browser();
    var button = UpstreamLoginTest.button(stranger.get(register), people);

    var there = stranger.get(button).location();

    assertThat(new Browser.Page(302, "", Map.of("location", there)).answer())
        .doesNotContainKey("prompt");
  }
}
