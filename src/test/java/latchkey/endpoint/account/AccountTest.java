package latchkey.endpoint.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where the metadata and password managers send people who want to see to their account.
@QuarkusTest
@WithTestResource(House.class)
class AccountTest {
  @Inject World world;

  private Person alice;
  private final Browser browser = new Browser();

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
  }

  @Test
  void it_is_behind_sign_in_and_a_link_keeps_what_it_asks_for() {
    var link = "/account/?action=org.matrix.device_view&device_id=A%26B+C";

    var toLogin = browser.get(link).location();
    var back = world.signIn(browser, alice, toLogin).location();
    World.sql(
        """
        insert into latchkey.oauth_sessions (kind, id, user_id, scope, device_id, created_at, opened_at, nonce, issued_at, token_key)
        values ('compat', gen_random_uuid(), '%s', 'openid', 'A&B C', now(), now(), 1, now(), 1)
        """
            .formatted(alice.id()));
    var there = browser.get(back).location();
    var page = browser.get(there);

    assertThat(toLogin)
        .isEqualTo("/login?kind=manage_account&action=org.matrix.device_view&device_id=A%26B+C");
    assertThat(back).isEqualTo(link);
    assertThat(page.status()).isEqualTo(200);
    assertThat(there).startsWith("/account/sessions/");
    assertThat(page.body()).contains("A&amp;B C", "Sign this out?");
  }

  @Test
  void an_action_changes_nothing_by_being_opened_and_an_unknown_one_is_left_out() {
    var device = World.device();
    var tokens = world.logIn(alice, world.aPublicClient(), device);
    world.signIn(browser, alice, "/login");

    for (var action : List.of("org.matrix.device_delete", "session_end")) {
      var page = browser.get("/account/?action=" + action + "&device_id=" + device);
      assertThat(browser.get(page.location()).body()).as(action).contains(device);
      assertThat(browser.get("/account/?action=" + action).location())
          .isEqualTo("/account/sessions");
    }
    for (var action : List.of("profile", "org.matrix.account_deactivate", "x")) {
      var page = browser.get("/account/?action=" + action + "&device_id=" + device);
      assertThat(page.status()).as(action).isEqualTo(200);
      assertThat(page.body()).as(action).contains("Your account", "@" + alice.username());
    }
    assertThat(world.isActive(tokens.access())).isTrue();
    assertThat(browser.get("/account/").status()).isEqualTo(200);
    var foreign = "?action=https://evil.example.net/&device_id=%0d%0aX:+y";
    assertThat(new Browser().get("/account/" + foreign).location())
        .isEqualTo("/login?kind=manage_account&device_id=%0D%0AX%3A+y");
  }

  @Test
  void without_its_last_slash_it_leads_there() {
    assertThat(browser.get("/account").location()).isEqualTo("/account/");
    assertThat(browser.get("/account?action=profile").location())
        .isEqualTo("/account/?action=profile");
    assertThat(browser.get("/account/nothing").status()).isEqualTo(404);
  }

  @Test
  void password_managers_are_shown_the_way() {
    var way = browser.get("/.well-known/change-password");
    var toLogin = browser.get(way.location()).location();
    var back = world.signIn(browser, alice, toLogin).location();

    assertThat(way.status()).isEqualTo(303);
    assertThat(way.location()).isEqualTo("/account/password/change");
    assertThat(toLogin).isEqualTo("/login?kind=change_password");
    assertThat(back).isEqualTo(way.location());
    assertThat(browser.get(back).body()).contains("Your password", "cannot be changed");
  }

  @Test
  void whose_account_is_locked_is_told_so_and_may_take_another_one_there() {
    var bob = world.alice();
    world.signIn(browser, alice, "/login");
    World.sql("update latchkey.users set locked_at = now() where id = '" + alice.id() + "'");

    var page = browser.get("/account/?action=profile");
    var toLogin = browser.submit("/logout", page, Map.of()).location();

    assertThat(page.body()).contains("This account is locked");
    assertThat(world.signIn(browser, bob, toLogin).location())
        .isEqualTo("/account/?action=profile");
  }
}
