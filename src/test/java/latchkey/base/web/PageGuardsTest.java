package latchkey.base.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What keeps other sites off our pages and forms.
@QuarkusTest
@WithTestResource(House.class)
class PageGuardsTest {
  @Inject World world;

  @Test
  void a_form_of_another_site_is_refused_although_the_browser_is_signed_in() {
    var alice = world.alice();
    var client = world.aPublicClient();
    var browser = new Browser();
    world.consent(browser, alice, World.authorize(client, Map.of()));
    var consent = browser.get(World.authorize(client, Map.of())).location();
    var other = new Browser();
    var strangersPage = other.get("/login");

    var none = browser.post(consent, Map.of());
    var wrong = browser.post(consent, Map.of("csrf", "A".repeat(43)));
    var stolen = browser.submit(consent, strangersPage, Map.of());
    var logout = browser.post("/logout", Map.of("csrf", "A".repeat(43)));

    for (var answer : new Browser.Page[] {none, wrong, stolen, logout}) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("<h1>");
    }
    assertThat(browser.get(consent).body()).contains("Allow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/login", "/nothing", "/authorize"})
  void every_page_forbids_frames_and_inline_code_and_is_never_stored(String path) {
    world.awaitReady();
    var headers = new Browser().get(path).headers();

    assertThat(headers.get("content-security-policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
        .doesNotContain("unsafe");
    assertThat(headers).containsEntry("cache-control", "no-store");
    if (!path.equals("/nothing")) {
      assertThat(headers)
          .containsEntry("x-frame-options", "DENY")
          .containsEntry("x-content-type-options", "nosniff");
    }
  }

  @Test
  void cookies_are_out_of_reach_of_scripts_and_other_sites() {
    var alice = world.alice();
    var browser = new Browser();
    var page = browser.get("/login");

    var signedIn =
        browser.submit(
            "/login", page, Map.of("username", alice.username(), "password", alice.password()));

    for (var cookie :
        new String[] {page.headers().get("set-cookie"), signedIn.headers().get("set-cookie")}) {
      assertThat(cookie).contains("; HttpOnly", "; SameSite=Lax", "; Path=/");
    }
    assertThat(signedIn.headers().get("set-cookie")).startsWith("session=").contains("; Max-Age=");
  }

  @Test
  void signing_out_ends_the_browser_session_and_goes_on_where_the_person_was() {
    var alice = world.alice();
    var client = world.aPublicClient();
    var browser = new Browser();
    world.consent(browser, alice, World.authorize(client, Map.of()));
    var start = browser.get("/");

    var out = browser.submit("/logout", start, Map.of());

    assertThat(out.status()).isEqualTo(303);
    assertThat(out.location()).endsWith("/login");
    assertThat(browser.get("/").body()).doesNotContain(alice.username());
    assertThat(
            World.count(
                "select count(*) from latchkey.browser_sessions where finished_at is not null and user_id = '"
                    + alice.id()
                    + "'"))
        .isEqualTo(1);
  }

  @Test
  void an_app_that_does_not_say_whose_it_is_shows_where_its_answer_goes() {
    var alice = world.alice();
    var browser = new Browser();
    var path =
        World.authorize(
            "01KB0000000000000000000002",
            Map.of("redirect_uri", "https://post.example.org/callback"));
    var loginPath = browser.get(path).location();
    var signedIn =
        browser.submit(
            loginPath,
            browser.get(loginPath),
            Map.of("username", alice.username(), "password", alice.password()));

    assertThat(browser.get(signedIn.location()).body()).contains("post.example.org");
  }
}
