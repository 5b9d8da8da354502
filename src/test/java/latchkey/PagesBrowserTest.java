package latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What people see, in a real browser: each page in light and dark, narrow and wide, checked by
/// axe, photographed into `target/screenshots`.
@QuarkusTest
@WithTestResource(House.class)
@Tag("browser")
class PagesBrowserTest {
  private static final List<Integer> WIDTHS = List.of(320, 360, 1280);

  private static Playwright playwright;
  private static Browser browser;

  @Inject World world;

  @BeforeAll
  static void openBrowser() {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    var chromium = System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium");
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of(chromium))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--no-first-run")));
  }

  @AfterAll
  static void closeBrowser() {
    browser.close();
    playwright.close();
  }

  private interface Visit {
    void to(Page page);
  }

  @Test
  void the_start_page() {
    everywhere("start", page -> page.navigate(House.url() + "/"));
  }

  @Test
  void the_sign_in_page_and_its_error() {
    var client = world.aPublicClient();
    everywhere("login", page -> page.navigate(House.url() + World.authorize(client, Map.of())));
    everywhere(
        "login-error",
        page -> {
          page.navigate(House.url() + World.authorize(client, Map.of()));
          page.getByLabel("Username").fill("nobody");
          page.getByLabel("Password").fill("wrong");
          page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
          assertThat(page.getByRole(AriaRole.ALERT).textContent())
              .contains("do not belong together");
          assertThat(page.getByLabel("Username").inputValue()).isEqualTo("nobody");
          assertThat(page.getByLabel("Password").inputValue()).isEmpty();
        });
  }

  @Test
  void the_consent_page() {
    var metadata = World.metadata();
    metadata.put("policy_uri", "https://app.example.org/privacy");
    metadata.put("tos_uri", "https://app.example.org/terms");
    var client = world.register(metadata).jsonPath().getString("client_id");
    var alice = world.alice();
    everywhere(
        "consent",
        page -> {
          signIn(page, alice, World.authorize(client, Map.of()));
          assertThat(
                  page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1))
                      .textContent())
              .contains("Element wants to use your account on example.com");
          assertThat(page.locator("main").textContent())
              .contains(
                  "app.example.org", "@" + alice.username(), "new device", "Privacy", "Terms");
        });
  }

  @Test
  void the_refusal_page() {
    var client = world.aPublicClient();
    var alice = world.alice();
    var scope = Map.of("scope", World.API + " urn:synapse:admin:*");
    everywhere(
        "refusal",
        page -> {
          signIn(page, alice, World.authorize(client, scope));
          assertThat(page.locator("main").textContent()).contains("ask whoever runs");
        });
  }

  @Test
  void the_page_of_a_locked_account() {
    var alice = world.alice();
    World.sql("update latchkey.users set locked_at = now() where id = '" + alice.id() + "'");
    everywhere(
        "locked",
        page -> {
          signIn(page, alice, World.authorize(world.aPublicClient(), Map.of()));
          assertThat(page.locator("h1").textContent()).contains("locked");
        });
  }

  @Test
  void the_error_pages() {
    everywhere("not-found", page -> page.navigate(House.url() + "/nothing/here"));
    everywhere(
        "unknown-client", page -> page.navigate(House.url() + World.authorize("nobody", Map.of())));
  }

  @Test
  void a_person_signs_in_and_allows_by_keyboard_alone_without_javascript() {
    var alice = world.alice();
    var client = world.aPublicClient();
    try (var context =
        browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
      var page = context.newPage();
      page.route(World.REDIRECT_URI + "**", route -> route.fulfill());
      page.navigate(House.url() + World.authorize(client, Map.of()));
      page.locator("input[name=username]:focus").waitFor();
      page.keyboard().type(alice.username());
      page.keyboard().press("Tab");
      page.keyboard().type(alice.password());
      page.keyboard().press("Enter");
      page.waitForURL("**/consent/*");
      page.getByRole(AriaRole.BUTTON, named("Allow")).focus();
      page.keyboard().press("Enter");
      page.waitForURL(World.REDIRECT_URI + "**");

      assertThat(page.url()).contains("code=", "state=zustand");
    }
  }

  @Test
  void not_now_goes_back_to_the_client() {
    var alice = world.alice();
    try (var context = browser.newContext()) {
      var page = context.newPage();
      page.route(World.REDIRECT_URI + "**", route -> route.fulfill());
      signIn(page, alice, World.authorize(world.aPublicClient(), Map.of()));
      page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Not now")).click();
      page.waitForURL(World.REDIRECT_URI + "**");

      assertThat(page.url()).contains("error=access_denied", "state=zustand");
    }
  }

  private static void signIn(Page page, Person person, String authorizePath) {
    page.navigate(House.url() + authorizePath);
    if (page.url().contains("/login")) {
      page.getByLabel("Username").fill(person.username());
      page.getByLabel("Password").fill(person.password());
      page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
    }
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  /// Shows a page in every light and width: axe finds nothing, nothing is cut off, everything can
  /// be touched.
  private static void everywhere(String name, Visit visit) {
    for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (int width : WIDTHS) {
        try (BrowserContext context =
            browser.newContext(
                new Browser.NewContextOptions()
                    .setColorScheme(scheme)
                    .setViewportSize(width, 800))) {
          var page = context.newPage();
          var complaints = new ArrayList<String>();
          page.onConsoleMessage(
              message -> {
                if (message.type().equals("error") && message.text().contains("Content Security")) {
                  complaints.add(message.text());
                }
              });
          visit.to(page);
          page.screenshot(
              new Page.ScreenshotOptions()
                  .setFullPage(true)
                  .setPath(
                      Path.of(
                          "target/screenshots/"
                              + name
                              + "-"
                              + scheme.name().toLowerCase(java.util.Locale.ROOT)
                              + "-"
                              + width
                              + ".png")));
          assertThat(complaints).as(name).isEmpty();
          assertAccessible(page, name + " " + scheme + " " + width);
          assertNothingIsCutOff(page, name + " " + width);
          assertTouchable(page, name + " " + width);
        }
      }
    }
  }

  private static void assertAccessible(Page page, String where) {
    var violations = new AxeBuilder(page).analyze().getViolations();
    var told = new ArrayList<String>();
    violations.forEach(rule -> told.add(rule.getId() + ": " + rule.getNodes()));
    assertThat(told).as(where).isEmpty();
  }

  private static void assertNothingIsCutOff(Page page, String where) {
    var overflow =
        (Boolean)
            page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth");
    assertThat(overflow).as("sideways scrolling at " + where).isFalse();
  }

  private static void assertTouchable(Page page, String where) {
    for (var target : page.locator("button, .button, input:not([type=hidden])").all()) {
      assertThat(target.boundingBox().height)
          .as(where + ": " + target.textContent())
          .isGreaterThanOrEqualTo(43.9);
    }
  }
}
