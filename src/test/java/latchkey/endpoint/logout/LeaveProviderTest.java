package latchkey.endpoint.logout;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import latchkey.base.crypto.Encryption;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream;
import latchkey.world.House;
import latchkey.world.LeavingHouse;
import latchkey.world.Newcomer;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Signing out here signs out at the provider, and what the provider said of a sign-in is in the ID
/// token.
@QuarkusTest
@WithTestResource(LeavingHouse.class)
class LeaveProviderTest {
  @Inject World world;
  @Inject Encryption encryption;

  @BeforeEach
  void all_is_well() {
    world.awaitReady();
    LeavingHouse.reset(world.clock());
  }

  @Test
  @Tag("OIDC-RPL-2")
  void who_signs_out_here_is_sent_on_to_sign_out_there_and_comes_back() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "rp-1", Map.of());
    var browser = alice.browser();

    var page = browser.submit("/logout", browser.get("/"), Map.of());

    assertThat(page.status()).isEqualTo(200);
    assertThat(alice.isBrowserSignedIn()).isFalse();
    var refresh = page.headers().get("refresh");
    assertThat(refresh).startsWith("0; url=" + office.url(FakeUpstream.Endpoint.END_SESSION));
    var there = browser.get(refresh.substring("0; url=".length()));
    var asked = office.lastAsked(FakeUpstream.Endpoint.END_SESSION);
    assertThat(World.claims(asked.get("id_token_hint")).getString("sub")).isEqualTo("rp-1");
    assertThat(asked)
        .containsEntry("client_id", FakeUpstream.CLIENT_ID)
        .containsEntry("post_logout_redirect_uri", House.url() + "/logout");
    var back = browser.get(there.location());
    assertThat(back.status()).isEqualTo(303);
    assertThat(back.location()).isEqualTo("/login");
  }

  @Test
  void where_signing_in_again_would_have_led_is_not_forgotten_on_the_way() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "rp-2", Map.of());
    var browser = alice.browser();
    var consent = browser.get(World.authorize(world.aPublicClient(), Map.of())).location();

    var page = browser.submit("/logout", browser.get(consent), Map.of());
    var there = browser.get(page.headers().get("refresh").substring("0; url=".length()));

    assertThat(browser.get(there.location()).location())
        .startsWith("/login?kind=continue_authorization_grant&id=");
  }

  @Test
  void who_signed_in_by_password_stays_here() {
    var browser = new Browser();
    world.signIn(browser, world.alice(), "/login");

    var page = browser.submit("/logout", browser.get("/"), Map.of());

    assertThat(page.status()).isEqualTo(303);
    assertThat(page.location()).isEqualTo("/login");
  }

  @Test
  void a_void_cookie_learns_nothing_of_what_the_provider_said() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "rp-3", Map.of());
    var thief = alice.browser().copy();
    alice.again(world, office, encryption);

    var page = thief.submit("/logout", thief.get("/login"), Map.of());

    assertThat(page.status()).isEqualTo(303);
    assertThat(page.headers()).doesNotContainKey("refresh");
  }

  @Test
  void whatever_a_state_says_it_leads_to_one_of_our_pages() {
    var browser = new Browser();

    for (var state : new String[] {"", "!!!", "aHR0cHM6Ly9ldmlsLmV4YW1wbGUv", "Lz9raW5kPXg"}) {
      var back = browser.get("/logout?state=" + state);
      assertThat(back.status()).isEqualTo(303);
      assertThat(back.location()).isEqualTo("/login");
    }
  }

  @Test
  @Tag("OIDC-Core-2")
  void the_id_token_says_how_and_when_somebody_signed_in_there() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "acr-1", Map.of());
    var before = world.clock().instant().getEpochSecond();

    var claims = World.claims(authorize(alice.browser()).idToken());

    assertThat(claims.getString("acr")).isEqualTo("urn:example:gold");
    assertThat(claims.getJsonArray("amr")).containsExactly("hwk", "pin");
    assertThat(claims.getLong("auth_time")).isBetween(before - 3700, before - 3500);
  }

  @Test
  void a_later_password_counts_for_itself() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "acr-2", Map.of());
    var browser = alice.browser();
    var wishes = Map.of("prompt", "login");
    var at = arrive(browser, World.authorize(world.aPublicClient(), wishes));
    browser.submit(
        at,
        browser.get(at),
        Map.of("username", alice.person().username(), "password", alice.person().password()));
    var now = world.clock().instant().getEpochSecond();

    var claims = World.claims(authorize(browser).idToken());

    assertThat(claims.getJsonArray("amr")).containsExactly("pwd");
    assertThat(claims.getLong("auth_time")).isBetween(now - 60, now + 1);
  }

  private World.Tokens authorize(Browser browser) {
    var client = world.aPublicClient();
    var at = arrive(browser, World.authorize(client, Map.of()));
    var code = browser.submit(at, browser.get(at), Map.of()).answer().get("code");
    return World.tokens(world.exchange(client, code));
  }

  private static String arrive(Browser browser, String path) {
    var page = browser.get(path);
    return page.status() == 303 ? arrive(browser, page.location()) : path;
  }
}
