package latchkey.endpoint.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import latchkey.base.oauth.Acr;
import latchkey.base.system.Ids;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream;
import latchkey.world.House;
import latchkey.world.Trip;
import latchkey.world.UpstreamHouse;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that cannot do without a kind of sign-in which only a provider knows gets it, or is
/// told that it did not.
@QuarkusTest
@WithTestResource(UpstreamHouse.class)
@Tag("OIDC-Core-5.5.1.1")
class EssentialAcrTest extends UpstreamScene {
  private static final String UNMET = "unmet_authentication_requirements";
  private static final String HOME = "?kind=manage_account";

  @Inject AuthorizationGrants grants;

  private FakeUpstream people;
  private String client;

  @BeforeEach
  void a_client_and_a_provider() {
    people = UpstreamHouse.people();
    client = world.aPublicClient();
    comes(people);
  }

  private static String essential(String... values) {
    return "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"%s\"]}}}"
        .formatted(String.join("\",\"", values));
  }

  private Browser.Page ask(Browser who, Map<String, String> wishes) {
    var all = new HashMap<>(wishes);
    all.putIfAbsent("scope", "openid");
    return who.get(World.authorize(client, all));
  }

  /// Asks for `gold`; answers the path of the consent page.
  private String askForGold(Browser who) {
    var location = ask(who, Map.of("claims", essential("gold", "silver"))).location();
    return location.replaceFirst("^/login\\?kind=continue_authorization_grant&id=", "/consent/");
  }

  private static String grant(String consent) {
    return consent.replaceFirst("^/consent/", "");
  }

  private static String forGrant(String consent) {
    return "?kind=continue_authorization_grant&id=" + grant(consent);
  }

  /// How everybody signs in there from now on.
  private void signsInThere(String acr) {
    people.onIdToken(claims -> claims.put("acr", acr));
  }

  private void isKnownHere(String acr) {
    signsInThere(acr);
    Trip.register(browser, people, HOME, name);
  }

  private String acrOf(Browser.Page allowed) {
    var tokens = World.tokens(world.exchange(client, allowed.answer().get("code")));
    return World.claims(tokens.idToken()).getString("acr");
  }

  private Browser.Page allow(String consent) {
    var page = browser.get(consent);
    assertThat(page.status()).as(page.location()).isEqualTo(200);
    return browser.submit(consent, page, Map.of());
  }

  private static long unmet(String username) {
    return events("acr_unmet", username);
  }

  @Test
  void it_is_asked_of_the_provider_and_reached_there() {
    isKnownHere("bronze");
    browser.submit("/logout", browser.get("/account/"), Map.of());
    var login =
        ask(browser, Map.of("acr_values", "wish gold", "claims", essential("gold", "with space")))
            .location();
    var button = UpstreamLoginTest.button(browser.get(login), people);

    signsInThere("gold");
    var there = browser.get(button).location();
    var consent = browser.get(Trip.ask(browser, there).deliver(browser).location()).location();

    assertThat(new Browser.Page(302, "", Map.of("location", there)).answer())
        .containsEntry("acr_values", "gold wish");
    assertThat(acrOf(allow(consent))).isEqualTo("gold");
  }

  @Test
  void somebody_new_can_reach_it_too() {
    var consent = askForGold(browser);
    signsInThere("silver");

    assertThat(Trip.register(browser, people, forGrant(consent), name).location())
        .isEqualTo(consent);

    assertThat(acrOf(allow(consent))).isEqualTo("silver");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("OIDC-Unmet-1")
  void a_provider_that_does_not_reach_it_is_asked_once_and_the_client_told(boolean known) {
    signsInThere("bronze");
    if (known) {
      Trip.register(new Browser(), people, HOME, name);
    }
    var consent = askForGold(browser);

    var back =
        known
            ? Trip.through(browser, people, forGrant(consent))
            : Trip.register(browser, people, forGrant(consent), name);
    var told = browser.get(back.location());

    assertThat(back.location()).isEqualTo(consent);
    assertThat(told.answer())
        .containsEntry("error", UNMET)
        .containsEntry("state", "zustand")
        .containsEntry("iss", House.url() + "/")
        .containsKey("error_description")
        .doesNotContainKey("code");
    assertThat(unmet(name)).isEqualTo(1);
    assertThat(signedIn(browser)).isEqualTo(name);
    assertThat(browser.get(consent).status()).as("it was answered").isEqualTo(409);
    assertThat(unmet(name)).isEqualTo(1);
  }

  @Test
  void a_session_that_has_it_needs_no_new_sign_in() {
    isKnownHere("silver");
    signsInThere("bronze");
    var asked = people.asked(FakeUpstream.Endpoint.AUTHORIZE).size();

    assertThat(acrOf(allow(askForGold(browser)))).isEqualTo("silver");

    assertThat(people.asked(FakeUpstream.Endpoint.AUTHORIZE)).hasSize(asked);
  }

  @Test
  void one_that_has_not_is_sent_to_a_provider_of_its_own() {
    isKnownHere("bronze");

    var consent = askForGold(browser);
    var login = browser.get(consent).location();
    var page = browser.get(login);

    assertThat(login).isEqualTo("/login" + forGrant(consent));
    assertThat(page.body())
        .contains("prove once more", people.id())
        .doesNotContain("type=\"password\"", UpstreamHouse.posting().id());
    signsInThere("gold");
    assertThat(Trip.through(browser, people, forGrant(consent)).location()).isEqualTo(consent);
    assertThat(acrOf(allow(consent))).isEqualTo("gold");
  }

  @Test
  void a_trip_for_another_request_is_not_held_against_this_one() {
    isKnownHere("bronze");
    var first = askForGold(browser);
    var second = askForGold(browser);
    Trip.through(browser, people, forGrant(first));

    assertThat(browser.get(second).location()).isEqualTo("/login" + forGrant(second));
    assertThat(browser.get(first).answer()).containsEntry("error", UNMET);
    signsInThere("gold");
    Trip.through(browser, people, forGrant(second));
    assertThat(acrOf(allow(second))).isEqualTo("gold");
  }

  @Test
  void who_has_only_a_password_may_link_what_is_better() {
    var alice = world.alice();
    var consent = askForGold(browser);
    var login = world.signIn(browser, alice, "/login" + forGrant(consent));
    var again = browser.get(login.location()).location();
    signsInThere("gold");

    assertThat(again).isEqualTo("/login" + forGrant(consent));
    assertThat(browser.get(again).body())
        .contains(people.id(), UpstreamHouse.posting().id())
        .doesNotContain("type=\"password\"");
    var link = Trip.arrive(browser, people, forGrant(consent));
    assertThat(browser.submit(link, browser.get(link), Map.of()).location()).isEqualTo(consent);
    assertThat(browser.get(consent).location()).isEqualTo(again);
    assertThat(Trip.through(browser, people, forGrant(consent)).location()).isEqualTo(consent);
    assertThat(acrOf(allow(consent))).isEqualTo("gold");
    assertThat(unmet(alice.username())).isZero();
  }

  @Test
  void a_password_will_do_if_the_client_says_so() {
    var claims = Map.of("claims", essential("gold", Acr.PASSWORD));
    var alice = world.alice();
    var login = ask(browser, claims).location();

    var consent = world.signIn(browser, alice, login).location();

    assertThat(acrOf(allow(consent))).isEqualTo(Acr.PASSWORD);
  }

  @ParameterizedTest
  @CsvSource({"bronze, login_required", "gold, "})
  void without_a_page_it_is_there_or_a_sign_in_is_needed(String acr, String error) {
    isKnownHere(acr);
    allow(ask(browser, Map.of()).location());

    var silent = ask(browser, Map.of("prompt", "none", "claims", essential("gold"))).location();
    var answer = browser.get(silent).answer();

    if (error != null) {
      assertThat(answer).containsEntry("error", error).containsKey("error_description");
    } else {
      assertThat(answer).containsKey("code");
    }
    assertThat(unmet(name)).isZero();
  }

  @Test
  void what_is_only_a_wish_refuses_nobody() {
    isKnownHere("bronze");

    for (var wish :
        List.of(
            Map.of("acr_values", "gold"),
            Map.of("claims", "{\"id_token\":{\"acr\":{\"values\":[\"gold\"]}}}"),
            Map.of("claims", "{\"id_token\":{\"acr\":{\"essential\":true}}}"))) {
      assertThat(acrOf(allow(ask(browser, wish).location()))).isEqualTo("bronze");
    }
  }

  @Test
  void of_no_values_at_all_none_can_be_reached() {
    var claims = "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"\\u0000\"]}}}";

    assertThat(ask(browser, Map.of("claims", claims)).answer()).containsEntry("error", UNMET);
    assertThat(ask(browser, Map.of("claims", claims.replace("\"\\u0000\"", ""))).answer())
        .containsEntry("error", UNMET);
  }

  @Test
  void a_page_that_was_shown_is_no_promise() {
    isKnownHere("gold");
    var consent = askForGold(browser);
    var page = browser.get(consent);
    signsInThere("bronze");
    Trip.through(browser, people, HOME);

    var pressed = browser.submit(consent, page, Map.of());

    assertThat(page.status()).isEqualTo(200);
    assertThat(pressed.location()).isEqualTo("/login" + forGrant(consent));
  }

  @Test
  void the_code_is_made_only_for_such_a_session_on_every_replica() {
    isKnownHere("bronze");
    var consent = askForGold(browser);
    var grant = Ids.parse(grant(consent)).orElseThrow();
    var session = sessionOf(name);

    assertThat(grants.fulfil(grant, session, world.clock().instant())).isEmpty();
    // What one says that does not know of it.
    assertThatThrownBy(
            () ->
                World.sql(
                    """
                    update latchkey.authorization_grants
                       set fulfilled_at = now(), code_digest = sha256('%1$s'), browser_session_id = '%2$s'
                     where id = '%1$s'
                    """
                        .formatted(grant, session)))
        .hasMessageContaining("check constraint");
    signsInThere("gold");
    Trip.through(browser, people, HOME);
    assertThat(grants.fulfil(grant, session, world.clock().instant())).isPresent();
  }

  private static UUID sessionOf(String username) {
    return World.uuid(
        "select b.id from latchkey.browser_sessions b join latchkey.users u on u.id = b.user_id where u.username = '%s'"
            .formatted(username));
  }
}
