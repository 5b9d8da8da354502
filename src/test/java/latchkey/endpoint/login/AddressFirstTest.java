package latchkey.endpoint.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.LeavingHouse;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The domain of an address says which provider its owner comes from.
@QuarkusTest
@WithTestResource(LeavingHouse.class)
class AddressFirstTest {
  private static final String LOGIN = "/login?kind=manage_account";

  @Inject World world;

  private final Browser browser = new Browser();

  @BeforeEach
  void everything_is_well() {
    world.awaitReady();
    LeavingHouse.reset(world.clock());
  }

  @Test
  void somebody_of_the_domain_goes_to_its_provider_which_hears_whom_to_expect() {
    var page = browser.get(LOGIN);

    var leaving = browser.submit(LOGIN, page, Map.of("username", "Max+x@Office.example"));

    assertThat(page.body())
        .contains("E-mail address or username")
        .doesNotContain("type=\"password\"");
    assertThat(leaving.status()).isEqualTo(200);
    var there = leaving.headers().get("refresh").replace("0; url=", "");
    assertThat(there)
        .startsWith("/upstream/authorize/" + LeavingHouse.office().id() + "?kind=manage_account");
    assertThat(leaving.body()).contains("Continue with <bdi>Office</bdi>");
    var asked = browser.get(there);
    assertThat(asked.status()).isEqualTo(307);
    assertThat(asked.answer()).containsEntry("login_hint", "Max+x@Office.example");
  }

  @Test
  void everybody_else_is_asked_for_the_password() {
    var alice = world.alice();
    var page = browser.get(LOGIN);

    var second = browser.submit(LOGIN, page, Map.of("username", alice.username()));
    var in =
        browser.post(
            LOGIN,
            Map.of(
                "csrf", second.fields().get("csrf"),
                "username", alice.username(),
                "password", alice.password()));

    assertThat(second.body())
        .contains(
            "type=\"password\"",
            "value=\"" + alice.username() + "\"",
            "Continue with <bdi>Branch</bdi>");
    assertThat(in.location()).isEqualTo("/account/");
  }

  @Test
  void an_address_of_another_domain_leads_nowhere_else() {
    var page = browser.get(LOGIN);

    for (var other :
        new String[] {
          "max@evil.example", "office.example", "@", "max@office.example.evil.example"
        }) {
      var second = browser.submit(LOGIN, page, Map.of("username", other));

      assertThat(second.headers()).doesNotContainKey("refresh");
      assertThat(second.body()).contains("type=\"password\"");
    }
    assertThat(browser.submit(LOGIN, page, Map.of("username", " ")).body())
        .contains("Type your username")
        .doesNotContain("type=\"password\"");
  }
}
