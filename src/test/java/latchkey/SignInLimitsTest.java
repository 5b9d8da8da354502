package latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.LimitedHouse;
import latchkey.world.World.Person;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Limits on signing in at the page: who waits for whom, and who does not.
@Tag("slow")
@QuarkusTest
@WithTestResource(LimitedHouse.class)
class SignInLimitsTest extends LimitedScene {
  @Test
  void the_sign_in_page_says_how_long_to_wait_and_keeps_what_was_typed() {
    var home = address();
    for (int i = 0; i < 3; i++) {
      assertThat(signIn(new Browser().from(home), nobody(), "wrong").status()).isEqualTo(200);
    }

    var refused = signIn(new Browser().from(home), alice.username(), alice.password());

    assertThat(refused.status()).isEqualTo(429);
    assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isBetween(60, 100);
    assertThat(refused.body())
        .contains("data-error-kind=\"rate_limit_exceeded\"")
        .containsPattern("too many tries to sign in\\. Wait \\d+ (seconds|minutes), then try again")
        .contains("value=\"" + alice.username() + "\"")
        .doesNotContain("aria-invalid", alice.password());
    assertThat(refused.headers().get("set-cookie")).doesNotContain("session=");
    var german =
        signIn(new Browser().from(home).speaking("de"), alice.username(), alice.password());
    assertThat(german.body()).contains("zu viele Versuche");
    logIn(alice.username(), alice.password(), home).statusCode(429);
  }

  @Test
  void a_stranger_slows_strangers_and_locks_nobody_out() {
    var home = address();
    var laptop = new Browser().from(home);
    assertThat(signIn(laptop, alice).status()).isEqualTo(303);
    var mallory = world.alice();
    var hers = new Browser().from(address());
    assertThat(signIn(hers, mallory).status()).isEqualTo(303);

    for (int i = 0; i < 4; i++) {
      logIn(alice.username().toUpperCase(java.util.Locale.ROOT), "guess", address());
    }

    // Every stranger waits, with the right password too, and so does who is known for another.
    var refused = logIn(alice.username(), alice.password(), address()).statusCode(429);
    assertThat(millis(refused)).isGreaterThan(100_000);
    assertThat(signIn(new Browser().from(address()), alice).status()).isEqualTo(429);
    assertThat(signIn(hers.from(address()), alice).status()).isEqualTo(429);
    // A browser that knows her does not, wherever it is, nor an old client where she signs in.
    assertThat(signIn(laptop.from(address()), alice).status()).isEqualTo(303);
    logIn(alice.username(), alice.password(), home).statusCode(200);
    // Others are not touched.
    logIn(mallory.username(), mallory.password(), address()).statusCode(200);
  }

  @Test
  void a_known_browser_does_not_wait_for_its_neighbours_and_has_a_limit_of_its_own() {
    var cafe = address();
    var laptop = new Browser().from(cafe);
    assertThat(signIn(laptop, alice).status()).isEqualTo(303);
    logIn(nobody(), "wrong", cafe).statusCode(403);
    logIn(nobody(), "wrong", cafe).statusCode(403);
    logIn(alice.username(), alice.password(), cafe).statusCode(429);

    for (int i = 0; i < 3; i++) {
      assertThat(signIn(laptop, alice.username(), "wrong").status()).isEqualTo(200);
    }

    assertThat(signIn(laptop.from(address()), alice).status()).isEqualTo(429);
    logIn(alice.username(), alice.password(), address()).statusCode(200);
    // For other accounts it is a stranger at an address like everybody else's.
    assertThat(signIn(laptop.from(cafe), nobody(), "wrong").status()).isEqualTo(429);
  }

  private Browser.Page signIn(Browser browser, Person person) {
    return signIn(browser, person.username(), person.password());
  }

  private Browser.Page signIn(Browser browser, String name, String password) {
    if (browser.get("/login").status() == 303) {
      signOut(browser);
    }
    return browser.submit(
        "/login", browser.get("/login"), Map.of("username", name, "password", password));
  }

  private static Browser.Page signOut(Browser browser) {
    return browser.submit("/logout", browser.get("/"), Map.of());
  }
}
