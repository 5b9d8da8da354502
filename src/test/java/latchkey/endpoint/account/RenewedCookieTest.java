package latchkey.endpoint.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who proves again who they are gets a new cookie, and a copy of the one before is worth nothing.
@QuarkusTest
@WithTestResource(House.class)
class RenewedCookieTest {
  private static final String NEW = "/account/app-passwords/new";

  @Inject World world;

  private Person alice;
  private final Browser browser = new Browser();
  private Browser thief;

  @BeforeEach
  void somebody_has_a_copy_of_alices_cookies() {
    alice = world.alice();
    world.signIn(browser, alice, "/login");
    thief = browser.copy();
    world.clock().advance(Duration.ofMinutes(16));
    assertThat(thief.get("/account/").status()).isEqualTo(200);
    assertThat(thief.get(NEW).location()).startsWith("/login");
  }

  @Test
  void a_copy_is_not_lifted_up_along_with_its_owner() {
    var form = thief.get("/account/");

    world.signIn(browser, alice, browser.get(NEW).location());

    assertThat(browser.get(NEW).status()).isEqualTo(200);
    assertThat(thief.get(NEW).location()).startsWith("/login");
    assertThat(thief.get("/account/").location()).startsWith("/login");
    assertThat(thief.submit(NEW, form, Map.of("name", "mine")).location()).startsWith("/login");
    assertThat(thief.submit("/account/sessions/others", form, Map.of()).location())
        .startsWith("/login");
    assertThat(browser.get("/account/").status()).isEqualTo(200);
    assertThat(live()).isEqualTo(1);
  }

  @Test
  void neither_is_it_by_a_sign_in_that_a_client_demands() {
    var client = world.aPublicClient();
    var consent = browser.get(World.authorize(client, Map.of("prompt", "login"))).location();

    world.signIn(browser, alice, browser.get(consent).location());

    assertThat(browser.get(consent).status()).isEqualTo(200);
    assertThat(thief.get(consent).location()).startsWith("/login");
    assertThat(thief.get(NEW).location()).startsWith("/login");
  }

  @Test
  void a_page_that_was_open_in_another_tab_goes_on() {
    var client = world.aPublicClient();
    var consent = browser.get(World.authorize(client, Map.of())).location();
    var question = browser.get(consent);
    var front = browser.get("/account/");

    world.signIn(browser, alice, browser.get(NEW).location());

    assertThat(browser.submit(consent, question, Map.of()).answer()).containsKey("code");
    assertThat(browser.submit(NEW, front, Map.of("name", "Nio")).location())
        .startsWith("/account/app-passwords/");
  }

  @Test
  void a_form_that_was_sent_twice_leaves_one_session_whichever_answer_came_last() {
    var login = browser.get(NEW).location();
    var page = browser.get(login);
    var again = browser.copy();
    var typed = Map.of("username", alice.username(), "password", alice.password());

    browser.submit(login, page, typed);
    again.submit(login, page, typed);

    assertThat(again.get(NEW).status()).isEqualTo(200);
    assertThat(browser.get(NEW).status()).isEqualTo(200);
    assertThat(thief.get(NEW).location()).startsWith("/login");
    assertThat(live()).isEqualTo(1);
  }

  @Test
  void a_void_cookie_ends_nothing() {
    world.signIn(browser, alice, browser.get(NEW).location());
    var bob = world.alice();
    var another = thief.copy();

    thief.submit("/logout", thief.get("/login"), Map.of());
    world.signIn(another, bob, "/login");

    assertThat(another.get("/account/").body()).contains("@" + bob.username() + ":");
    assertThat(browser.get(NEW).status()).isEqualTo(200);
  }

  private long live() {
    return World.count(
        "select count(*) from latchkey.browser_sessions where user_id = '%s' and finished_at is null"
            .formatted(alice.id()));
  }
}
