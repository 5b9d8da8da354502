package latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import latchkey.world.Chromium;
import latchkey.world.Chromium.Look;
import latchkey.world.House;
import latchkey.world.TunedHouse;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where nobody may have more than four sessions at sign-in: the person chooses what to sign out.
@QuarkusTest
@WithTestResource(TunedHouse.class)
@Tag("browser")
class SessionLimitBrowserTest {
  private static Chromium chromium;

  @Inject World world;

  @BeforeAll
  static void openBrowser() {
    chromium = new Chromium();
  }

  @AfterAll
  static void closeBrowser() {
    chromium.close();
  }

  @Test
  void a_person_at_the_limit_chooses_signs_out_and_allows_without_scripts() {
    var alice = withFourSessions();
    var client = world.aPublicClient();
    for (var look : List.of(Look.at(ColorScheme.LIGHT, 320), Look.at(ColorScheme.DARK, 1280))) {
      chromium.look("limit", look, page -> signIn(page, alice, World.authorize(client, Map.of())));
    }
    try (var context =
        chromium
            .browser()
            .newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
      var page = context.newPage();
      page.route(World.REDIRECT_URI + "**", route -> route.fulfill());
      signIn(page, alice, World.authorize(client, Map.of()));
      assertThat(page.locator("[data-testid=device-limit-reached]").count()).isEqualTo(1);
      page.getByLabel("old phone 2").check();
      button(page, "Sign out and go on");
      page.waitForURL("**/consent/*");
      button(page, "Allow");
      page.waitForURL(World.REDIRECT_URI + "**");

      assertThat(page.url()).contains("code=");
    }
    assertThat(
            World.text(
                "select human_name from latchkey.oauth_sessions where user_id = '%s' and finished_reason = 'signed_out'"
                    .formatted(alice.id())))
        .isEqualTo("old phone 2");
  }

  private Person withFourSessions() {
    var alice = world.alice();
    for (int i = 1; i <= 4; i++) {
      world
          .legacyLogIn(alice, Map.of("initial_device_display_name", "old phone " + i))
          .then()
          .statusCode(200);
    }
    return alice;
  }

  private static void button(Page page, String name) {
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name)).click();
  }

  private static void signIn(Page page, Person person, String path) {
    page.navigate(House.url() + path);
    page.getByLabel("Username").fill(person.username());
    page.getByLabel("Password").fill(person.password());
    button(page, "Sign in");
  }
}
