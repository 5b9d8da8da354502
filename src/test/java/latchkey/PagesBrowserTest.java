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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import latchkey.world.Chromium;
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
  private static final boolean SOAK = Integer.getInteger("latchkey.soak", 0) > 0;
  private static final List<Chromium.Look> SOME_LOOKS =
      List.of(Chromium.Look.at(ColorScheme.LIGHT, 320), Chromium.Look.at(ColorScheme.DARK, 1280));
  private static final List<Chromium.Look> EVERY_LOOK =
      Stream.of(ColorScheme.LIGHT, ColorScheme.DARK)
          .flatMap(
              scheme ->
                  IntStream.of(320, 360, 1280).mapToObj(width -> Chromium.Look.at(scheme, width)))
          .toList();

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
  void a_form_with_two_things_to_mend_puts_the_list_of_them_in_focus() {
    everywhere(
        "login-empty",
        page -> {
          page.navigate(House.url() + "/login");
          page.getByLabel("Username").fill(" ");
          page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
          page.locator("[role=alert]:focus").waitFor();
          assertThat(page.locator(":focus").textContent()).contains("2 fields", "Type your");
          assertThat(page.getByLabel("Password").getAttribute("aria-describedby"))
              .isEqualTo("password-error");
          assertThat(page.locator("#password-error").textContent())
              .isEqualTo("Type your password.");
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
  void the_page_that_asks_for_the_password_again() {
    var client = world.aPublicClient();
    var alice = world.alice();
    everywhere(
        "confirm",
        page -> {
          signIn(page, alice, World.authorize(client, Map.of()));
          page.navigate(House.url() + World.authorize(client, Map.of("prompt", "login")));
          assertThat(page.locator("h1").textContent()).contains("Confirm that it is you");
          assertThat(page.getByLabel("Username").inputValue()).isEqualTo(alice.username());
        });
  }

  @Test
  void the_page_of_an_account() {
    var alice = world.alice();
    everywhere(
        "account",
        page -> {
          signIn(page, alice, "/account/");
          assertThat(page.locator("main").textContent()).contains("@" + alice.username());
        });
  }

  @Test
  void the_choice_of_an_account() {
    var client = world.aPublicClient();
    var alice = world.alice();
    everywhere(
        "choose-account",
        page -> {
          signIn(page, alice, World.authorize(client, Map.of()));
          page.navigate(House.url() + World.authorize(client, Map.of("prompt", "select_account")));
          assertThat(page.locator("main").textContent())
              .contains("Which account", "Continue as", "Use another account", "Not now");
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
  void what_a_person_is_told_and_asked_before_they_go_on() {
    var client = world.aPublicClient();
    var alice = world.alice();
    World.sql(
        """
        insert into latchkey.audit_events (id, at, kind, user_id, client_id, session_id, details)
        select gen_random_uuid(), now(), 'refresh_token_reused', '%s', id, gen_random_uuid(),
               '{"device_id": "DEVICE", "ip_address": "198.51.100.9", "rotated_ip_address": "2001:db8:1234:5678::1"}'
          from latchkey.clients where id = '%s'
        """
            .formatted(alice.id(), latchkey.base.system.Ids.parse(client).orElseThrow()));
    everywhere(
        "notices",
        page -> {
          signIn(page, alice, World.authorize(client, Map.of()));
          assertThat(page.url()).contains("/notices?kind=");
          assertThat(page.locator("main").textContent())
              .contains("A session of yours was ended", "DEVICE", "198.51.100.9");
        });
    try (var context =
        chromium
            .browser()
            .newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
      var page = context.newPage();
      signIn(page, alice, World.authorize(client, Map.of()));
      page.getByRole(AriaRole.BUTTON, named("Continue")).click();
      page.waitForURL("**/consent/*");
    }
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
        chromium
            .browser()
            .newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
      var page = context.newPage();
      page.route(World.REDIRECT_URI + "**", route -> route.fulfill());
      page.navigate(House.url() + World.authorize(client, Map.of()));
      page.locator("input[name=username]:focus").waitFor();
      page.keyboard().type(alice.username());
      page.keyboard().press("Tab");
      page.keyboard().type(alice.password());
      page.keyboard().press("Enter");
      page.waitForURL("**/consent/*");
      tabTo(page, "Allow");
      page.keyboard().press("Enter");
      page.waitForURL(World.REDIRECT_URI + "**");

      assertThat(page.url()).contains("code=", "state=zustand");
    }
  }

  @Test
  void a_person_chooses_mistypes_confirms_and_allows_by_keyboard_alone() {
    var alice = world.alice();
    var client = world.aPublicClient();
    try (var context = chromium.browser().newContext()) {
      var page = context.newPage();
      page.route(World.REDIRECT_URI + "**", route -> route.fulfill());
      signIn(page, alice, "/login");
      page.navigate(
          House.url() + World.authorize(client, Map.of("prompt", "select_account login")));
      tabTo(page, "Continue as @" + alice.username() + ":example.com");
      page.keyboard().press("Enter");
      page.locator("input[name=password]:focus").waitFor();
      page.keyboard().type("wrong");
      page.keyboard().press("Enter");
      page.getByRole(AriaRole.ALERT).waitFor();
      page.locator("input[name=password]:focus").waitFor();
      page.keyboard().type(alice.password());
      page.keyboard().press("Enter");
      page.waitForURL("**/consent/*");
      tabTo(page, "Allow");
      page.keyboard().press("Enter");
      page.waitForURL(World.REDIRECT_URI + "**");

      assertThat(page.url()).contains("code=", "state=zustand");
    }
  }

  @Test
  void a_person_says_not_now_takes_another_account_and_signs_out_by_keyboard_alone() {
    var alice = world.alice();
    var bob = world.alice();
    var client = world.aPublicClient();
    try (var context = chromium.browser().newContext()) {
      var page = context.newPage();
      page.route(World.REDIRECT_URI + "**", route -> route.fulfill());
      signIn(page, alice, World.authorize(client, Map.of()));
      page.waitForURL("**/consent/*");
      tabTo(page, "Not now");
      page.keyboard().press("Enter");
      page.waitForURL(World.REDIRECT_URI + "**");
      assertThat(page.url()).contains("error=access_denied");

      page.navigate(House.url() + World.authorize(client, Map.of("prompt", "login")));
      tabTo(page, "Use another account");
      page.keyboard().press("Enter");
      page.locator("input[name=username]:focus").waitFor();
      page.keyboard().type(bob.username());
      page.keyboard().press("Tab");
      page.keyboard().type(bob.password());
      page.keyboard().press("Enter");
      page.waitForURL("**/consent/*");
      assertThat(page.locator("main").textContent()).contains("@" + bob.username());

      page.navigate(House.url() + "/account/");
      tabTo(page, "Sign out of this browser");
      page.keyboard().press("Enter");
      page.waitForURL("**/login");
    }
  }

  @Test
  void not_now_goes_back_to_the_client() {
    var alice = world.alice();
    try (var context = chromium.browser().newContext()) {
      var page = context.newPage();
      page.route(World.REDIRECT_URI + "**", route -> route.fulfill());
      signIn(page, alice, World.authorize(world.aPublicClient(), Map.of()));
      page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Not now")).click();
      page.waitForURL(World.REDIRECT_URI + "**");

      assertThat(page.url()).contains("error=access_denied", "state=zustand");
    }
  }

  @Test
  void an_answer_that_is_posted_sends_itself_with_scripts_and_by_its_button_without() {
    var alice = world.alice();
    var client = world.aPublicClient();
    for (boolean scripts : List.of(true, false)) {
      try (var context =
          chromium
              .browser()
              .newContext(new Browser.NewContextOptions().setJavaScriptEnabled(scripts))) {
        var page = context.newPage();
        page.route(World.REDIRECT_URI, route -> route.fulfill());
        signIn(page, alice, World.authorize(client, Map.of("response_mode", "form_post")));
        var posted =
            page.waitForRequest(
                World.REDIRECT_URI,
                () -> {
                  page.getByRole(AriaRole.BUTTON, named("Allow")).click();
                  if (!scripts) {
                    page.getByRole(AriaRole.BUTTON, named("Continue")).click();
                  }
                });

        assertThat(posted.method()).isEqualTo("POST");
        assertThat(posted.postData()).contains("code=", "state=zustand", "iss=");
      }
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

  /// Goes from field to field until this one has the focus, and sees it on each.
  private static void tabTo(Page page, String text) {
    for (int i = 0; i < 12; i++) {
      page.keyboard().press("Tab");
      var focus = page.locator(":focus");
      assertThat((String) focus.evaluate("e => getComputedStyle(e).outlineStyle"))
          .as("the focus is seen on " + focus.textContent())
          .isEqualTo("solid");
      if (focus.textContent().equals(text)) {
        return;
      }
    }
    throw new AssertionError("the keyboard does not reach " + text);
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  /// Shows a page in each light and width; in soak runs in all combinations.
  private static void everywhere(String name, Chromium.Visit visit) {
    for (var look : SOAK ? EVERY_LOOK : SOME_LOOKS) {
      chromium.look(name, look, visit);
    }
    chromium.look(name, new Chromium.Look(ColorScheme.LIGHT, 1280, 2), visit);
  }
}
