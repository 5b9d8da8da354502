package latchkey.endpoint.matrix;

import static latchkey.world.World.count;
import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.time.Duration;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `m.login.sso`: a legacy client's way through the browser.
@QuarkusTest
@WithTestResource(House.class)
class LegacySsoTest extends SsoScene {
  @Test
  void the_flows_say_that_who_knows_oauth_should_use_it() {
    http()
        .get("/_matrix/client/v3/login")
        .then()
        .body("flows", hasSize(3))
        .body("flows[0]", equalTo(Map.of("type", "m.login.password")))
        .body(
            "flows[1]",
            equalTo(
                Map.of(
                    "type",
                    "m.login.sso",
                    "oauth_aware_preferred",
                    true,
                    "org.matrix.msc3824.delegated_oidc_compatibility",
                    true)))
        .body("flows[2]", equalTo(Map.of("type", "m.login.token")));
  }

  @Test
  void the_whole_way_through_the_browser_ends_with_a_session() {
    var device = World.device();
    var target = goThrough(start(APP, ""));
    var token = loginToken(target);
    assertThat(target.location())
        .isEqualTo("https://app.example.org/?x=1&loginToken=" + token + "#/home");
    assertThat(token).matches("[A-Za-z0-9]{32}");

    var access =
        exchange(token, Map.of("device_id", device))
            .then()
            .statusCode(200)
            .body("$", aMapWithSize(3))
            .body("user_id", equalTo("@" + alice.username() + ":example.com"))
            .body("access_token", startsWith("mct_"))
            .extract()
            .<String>path("access_token");

    assertThat(world.isActive(access)).isTrue();
    assertThat(world.homeserver().devices(alice.username())).contains(device);
    assertThat(
            count(
                "select count(*) from latchkey.compat_sso_logins l join latchkey.oauth_sessions s on s.id = l.session_id where s.device_id = '%s' and s.browser_session_id = l.browser_session_id"
                    .formatted(device)))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                              | ''
          action=login                                    | ?action=login&org.matrix.msc3824.action=login
          action=register                                 | ?action=register&org.matrix.msc3824.action=register
          org.matrix.msc3824.action=register              | ?action=register&org.matrix.msc3824.action=register
          action=login&org.matrix.msc3824.action=register | ?action=login&org.matrix.msc3824.action=login
          action=dance&org.matrix.msc3824.action=register | ?action=register&org.matrix.msc3824.action=register
          action=dance                                    | ''
          """)
  void what_the_client_wants_is_said_under_both_names(String query, String expected) {
    assertThat(start(APP, query))
        .matches(
            java.util.regex.Pattern.quote(House.url() + "/complete-compat-sso/")
                + "[0-9A-Z]{26}"
                + java.util.regex.Pattern.quote(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/oidc-keycloak", "/a%20b"})
  void the_provider_in_the_path_means_nothing(String suffix) {
    for (var version : new String[] {"r0", "v3", "unstable"}) {
      http()
          .urlEncodingEnabled(false)
          .get(
              "/_matrix/client/"
                  + version
                  + "/login/sso/redirect"
                  + suffix
                  + "?redirectUrl="
                  + encoded(APP))
          .then()
          .statusCode(303)
          .header("Location", startsWith(House.url() + "/complete-compat-sso/"))
          .header("Access-Control-Allow-Origin", (String) null);
    }
  }

  @Test
  void where_it_cannot_lead_back_to_a_client_it_does_not_begin() {
    for (var url :
        new String[] {
          "", "not an address", "/relative", "https:///x", "http://", "javascript:alert(1)"
        }) {
      var answer = http().queryParam("redirectUrl", url).get(REDIRECT);
      assertThat(answer.statusCode()).as(url).isEqualTo(400);
      assertThat(answer.contentType()).as(url).startsWith("text/html");
    }
    http().get(REDIRECT).then().statusCode(400).contentType(ContentType.HTML);
  }

  @Test
  void who_is_not_signed_in_signs_in_first_and_is_told_for_whom() {
    var page = start(APP, "action=register");
    var login = browser.get(page);

    assertThat(login.status()).isEqualTo(303);
    assertThat(login.location())
        .matches("/login\\?kind=continue_compat_sso_login&id=[0-9A-Z]{26}&action=register");
    assertThat(browser.get(login.location()).body()).contains("app.example.org");
  }

  @Test
  void the_page_says_who_asks_and_as_whom() {
    world.homeserver().setDisplayName(alice.username(), "Alice Wunderland");

    var page = question(start(APP, ""));

    assertThat(page.body())
        .contains("app.example.org", "Alice Wunderland", "@" + alice.username() + ":example.com");
    assertThat(page.headers()).containsEntry("x-frame-options", "DENY");
    assertThat(page.headers().get("content-security-policy")).contains("form-action 'self' https:");
  }

  @Test
  void a_program_of_ones_own_is_named_by_its_scheme() {
    assertThat(question(start("evil://chat.example.org/x", "")).body())
        .contains("evil:")
        .doesNotContain("chat.example.org");
    var target = goThrough(start("element://connect", ""));

    assertThat(target.location()).startsWith("element://connect?loginToken=");
  }

  @Test
  void a_link_that_was_used_is_over_and_so_is_one_of_half_an_hour() {
    var used = start(APP, "");
    var page = question(used);
    browser.submit(used, page, Map.of());
    over(browser.get(used));
    over(browser.submit(used, page, Map.of()));

    var old = start(APP, "");
    var shown = browser.get(old);
    world.clock().advance(Duration.ofMinutes(31));
    over(browser.get(old));
    over(browser.submit(old, shown, Map.of()));
  }

  private static void over(Browser.Page page) {
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("compat_sso_login_expired").doesNotContain("loginToken");
  }

  @Test
  void ids_that_are_none_and_forms_of_others_lead_nowhere() {
    question(start(APP, ""));

    assertThat(browser.get("/complete-compat-sso/nonsense").status()).isEqualTo(400);
    assertThat(browser.get("/complete-compat-sso/01KB0000000000000000000000").status())
        .isEqualTo(404);
    var page = start(APP, "");
    assertThat(browser.post(page, Map.of("csrf", "x")).status()).isEqualTo(400);
  }

  @Test
  void a_yes_that_was_shown_to_somebody_else_is_asked_again() {
    var path = start(APP, "");
    var shown = question(path);
    var bob = world.alice();
    browser.submit("/logout", browser.get("/"), Map.of());
    world.signIn(browser, bob, browser.get(path).location());

    var answer =
        browser.submit(path, shown, Map.of("csrf", browser.get(path).fields().get("csrf")));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains(bob.username());
  }

  @Test
  void an_account_that_is_locked_is_told_so_and_the_way_is_kept() {
    var path = start(APP, "");
    question(path);
    lock("now()");

    var page = browser.get(path);

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.fields()).containsEntry("kind", "continue_compat_sso_login");
    lock("null");
  }

  @Test
  void the_rules_are_asked_at_the_page() {
    var evil = new Browser("EvilBrowser/1.0");
    var path = start(APP, "");
    world.signIn(evil, alice, evil.get(path).location());

    var page = evil.get(path);

    assertThat(page.status()).isEqualTo(403);
    assertThat(page.body()).contains("data-testid=\"generic-policy-violation\"");
  }
}
