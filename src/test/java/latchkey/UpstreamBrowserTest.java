package latchkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.world.Chromium;
import latchkey.world.Chromium.Look;
import latchkey.world.FakeUpstream;
import latchkey.world.House;
import latchkey.world.Trip;
import latchkey.world.UpstreamHouse;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The ways through a provider as people walk them, in a real browser: the provider is another
/// site, so that its rules about cookies and forms are those of the web.
@QuarkusTest
@WithTestResource(UpstreamHouse.class)
@Tag("browser")
class UpstreamBrowserTest {
  private static final List<Look> LOOKS =
      List.of(Look.at(ColorScheme.LIGHT, 320), Look.at(ColorScheme.DARK, 1280));
  private static final AtomicInteger COUNT = new AtomicInteger();

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

  @BeforeEach
  @AfterEach
  void everything_is_well() {
    world.awaitReady();
    UpstreamHouse.reset(world.clock());
  }

  private static String comes(FakeUpstream provider) {
    var name = "maria" + COUNT.incrementAndGet();
    provider.person(
        "sub-" + name,
        Map.of(
            "preferred_username", name, "name", "María Ñandú", "email", name + "@people.example"));
    return name;
  }

  @Test
  void every_page_on_the_way() {
    for (var look : LOOKS) {
      var name = comes(UpstreamHouse.people());
      var alice = world.alice();
      var client = world.aPublicClient();
      try (var eye = chromium.eye(look)) {
        eye.look(
            "upstream-login",
            page -> {
              page.navigate(House.url() + World.authorize(client, Map.of()));
              assertThat(page.locator("main").textContent())
                  .contains("Continue with People", "Continue with Staff");
            });
        eye.look("upstream-register", page -> link(page, "Continue with People").click());
        eye.look(
            "upstream-register-error",
            page -> {
              page.getByLabel("Username").fill(alice.username());
              button(page, "Make the account").click();
              page.locator("#username-error").waitFor();
              assertThat(page.locator("#username:focus").count()).isEqualTo(1);
              assertThat(page.getByLabel("María Ñandú").isChecked()).isTrue();
            });
        eye.look("upstream-link-login", page -> link(page, "I have an account").click());
        eye.look("upstream-link", page -> fill(page, alice));
        eye.look(
            "upstream-taken",
            page -> {
              var other = new latchkey.world.Browser();
              Trip.register(other, UpstreamHouse.people(), "", name);
              page.reload();
              assertThat(page.locator("h1").textContent()).contains("belongs to another account");
            });
        eye.look("upstream-ways", page -> page.navigate(House.url() + "/account/ways"));
        eye.look(
            "upstream-declined",
            page -> {
              UpstreamHouse.people()
                  .refuse("access_denied", "You are in none of the <b>groups</b> that may.");
              link(page, "Link People").click();
              assertThat(page.locator("blockquote").textContent()).contains("<b>groups</b>");
            });
        eye.look(
            "upstream-registration-choice",
            page -> page.navigate(House.url() + "/register?kind=manage_account"));
        UpstreamHouse.reset(world.clock());
      }
    }
  }

  @Test
  void somebody_new_comes_in_and_links_a_second_provider_and_lets_it_go() {
    for (var look : LOOKS) {
      var name = comes(UpstreamHouse.people());
      try (var eye = chromium.eye(look)) {
        eye.look(
            "upstream-account",
            page -> {
              page.navigate(House.url() + "/login?kind=manage_account");
              link(page, "Continue with People").click();
              button(page, "Make the account").click();
              page.waitForURL("**/account/");
              assertThat(page.locator("main").textContent())
                  .contains("@" + name, "1 account elsewhere");
            });
        eye.look("upstream-ways-one", page -> link(page, "Ways to sign in").click());
        eye.look("upstream-way-last", page -> page.locator("a.item").first().click());
        comes(UpstreamHouse.posting());
        eye.look(
            "upstream-link-second",
            page -> {
              page.navigate(House.url() + "/account/ways");
              link(page, "Link Posting").click();
              button(page, "Link it").waitFor();
            });
        eye.look(
            "upstream-ways-two",
            page -> {
              button(page, "Link it").click();
              page.waitForURL("**/account/ways");
              assertThat(page.locator("a.item").count()).isEqualTo(2);
            });
        eye.look("upstream-way", page -> page.locator("a.item").last().click());
        eye.look(
            "upstream-unlinked",
            page -> {
              button(page, "Unlink it").click();
              page.waitForURL("**/account/ways?unlinked=1");
              assertThat(page.locator("a.item").count()).isEqualTo(1);
            });
      }
    }
  }

  @Test
  void a_provider_that_posts_its_answer_works_with_scripts_and_without() {
    for (boolean scripts : List.of(true, false)) {
      var name = comes(UpstreamHouse.posting());
      var client = world.aPublicClient();
      try (var context =
          chromium
              .browser()
              .newContext(new Browser.NewContextOptions().setJavaScriptEnabled(scripts))) {
        var page = context.newPage();
        page.navigate(House.url() + World.authorize(client, Map.of()));
        link(page, "Continue with Posting").click();
        if (!scripts) {
          // The provider of the tests has no button of its own.
          var there = page.content();
          assertThat(there).contains("document.forms[0].submit()");
          page.locator("form").evaluate("form => form.submit()");
          button(page, "Continue").click();
        }
        button(page, "Make the account").click();
        page.waitForURL("**/consent/*");

        assertThat(page.locator("main").textContent()).contains("@" + name);
      }
    }
  }

  @Test
  void who_signs_out_on_a_form_of_ours_ends_where_they_should() {
    var name = comes(UpstreamHouse.people());
    try (var context = chromium.browser().newContext()) {
      var page = context.newPage();
      page.navigate(House.url() + "/login?kind=manage_account");
      link(page, "Continue with People").click();
      button(page, "Make the account").click();
      page.waitForURL("**/account/");
      button(page, "Sign out of this browser").click();
      page.waitForURL("**/login");
      link(page, "Continue with People").click();
      page.waitForURL(House.url() + "/");

      assertThat(page.locator("main").textContent()).contains("@" + name);
    }
  }

  private static void fill(Page page, Person person) {
    page.getByLabel("Username").fill(person.username());
    page.getByLabel("Password").fill(person.password());
    button(page, "Sign in").click();
  }

  private static Locator link(Page page, String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name)).first();
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
