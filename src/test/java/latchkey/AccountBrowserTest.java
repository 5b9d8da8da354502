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
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a person does on the account pages, in a real browser without scripts, by keyboard where
/// that is the question.
@QuarkusTest
@WithTestResource(House.class)
@Tag("browser")
class AccountBrowserTest {
  private static final List<Look> LOOKS =
      List.of(Look.at(ColorScheme.LIGHT, 320), Look.at(ColorScheme.DARK, 1280));

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
  void every_page_with_real_sessions() {
    var alice = world.alice();
    world.logIn(alice);
    world.legacyLogIn(
        alice,
        Map.of(
            "device_id",
            "OLD",
            "initial_device_display_name",
            "Nio, on the machine in the cellar"));
    for (var look : LOOKS) {
      try (var eye = chromium.eye(look)) {
        eye.look("account-front", page -> signIn(page, alice, "/account/"));
        eye.look("account-sessions", page -> page.navigate(House.url() + "/account/sessions"));
        eye.look("account-session", page -> page.locator("a.item").first().click());
        eye.look("account-others", page -> page.navigate(House.url() + "/account/sessions/others"));
        eye.look(
            "account-app-passwords", page -> page.navigate(House.url() + "/account/app-passwords"));
        eye.look("account-app-password-new", page -> link(page, "Make an app password").click());
        eye.look(
            "account-app-password-made",
            page -> {
              page.getByLabel("Which app is it for?").fill("Nio");
              button(page, "Make an app password").click();
              page.locator(".secret").waitFor();
            });
      }
    }
  }

  @Test
  void a_person_finds_a_session_and_signs_it_out_by_keyboard_alone_without_scripts() {
    var alice = world.alice();
    var device = World.device();
    var tokens = world.logIn(alice, world.aPublicClient(), device);
    try (var context = withoutScripts()) {
      var page = context.newPage();
      signIn(page, alice, "/account/");
      tabTo(page, "Apps and devices");
      page.keyboard().press("Enter");
      page.waitForURL("**/account/sessions");
      tabTo(page, device);
      page.keyboard().press("Enter");
      page.waitForURL("**/account/sessions/*");
      tabTo(page, "Sign out");
      page.keyboard().press("Enter");
      page.waitForURL("**/account/sessions?ended=1");

      assertThat(page.getByRole(AriaRole.STATUS).textContent()).contains("Signed out");
      assertThat(page.locator("main").textContent()).contains("No app is signed in");
    }
    assertThat(world.isActive(tokens.access())).isFalse();
  }

  @Test
  void a_person_makes_an_app_password_uses_it_and_takes_it_back_without_scripts() {
    var alice = world.alice();
    try (var context = withoutScripts()) {
      var page = context.newPage();
      signIn(page, alice, "/account/app-passwords");
      link(page, "Make an app password").click();
      page.locator("#name:focus").waitFor();
      page.keyboard().type("Nio");
      page.keyboard().press("Enter");
      page.locator(".secret").waitFor();
      var secret = page.locator(".secret").textContent();
      var token =
          world
              .legacyLogIn(alice, Map.of("password", secret))
              .then()
              .statusCode(200)
              .extract()
              .<String>path("access_token");
      page.reload();
      assertThat(page.content()).as("shown once").doesNotContain(secret);

      link(page, "App passwords").click();
      page.locator("a.item").click();
      assertThat(page.getByRole(AriaRole.CHECKBOX).isChecked()).isTrue();
      button(page, "Take it back").click();
      page.waitForURL("**/account/app-passwords?revoked=1");

      assertThat(page.locator("main").textContent()).contains("You have made none yet");
      assertThat(world.isActive(token)).isFalse();
    }
  }

  private static com.microsoft.playwright.BrowserContext withoutScripts() {
    return chromium
        .browser()
        .newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false));
  }

  private static com.microsoft.playwright.Locator link(Page page, String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name));
  }

  private static com.microsoft.playwright.Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }

  private static void tabTo(Page page, String words) {
    for (int presses = 0; presses < 20; presses++) {
      page.keyboard().press("Tab");
      var focus = page.locator(":focus");
      if (focus.count() == 1 && focus.textContent().contains(words)) {
        return;
      }
    }
    throw new AssertionError("the keyboard does not reach " + words);
  }

  private static void signIn(Page page, Person person, String path) {
    page.navigate(House.url() + path);
    page.getByLabel("Username").fill(person.username());
    page.getByLabel("Password").fill(person.password());
    button(page, "Sign in").click();
  }
}
