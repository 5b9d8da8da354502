package latchkey.endpoint.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.session.ActivityFlush;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a person has signed in, and how they sign it out (`pages.md` 11.2).
@QuarkusTest
@WithTestResource(House.class)
class SessionsTest {
  @Inject World world;
  @Inject ActivityFlush activity;

  private Person alice;
  private final Browser browser = new Browser();

  @BeforeEach
  void alice_is_signed_in() {
    alice = world.alice();
    world.signIn(browser, alice, "/login");
  }

  @Test
  void apps_older_apps_and_browsers_are_listed_with_all_that_is_known_of_them()
      throws SQLException {
    var device = World.device();
    var tokens = world.logIn(alice, world.aPublicClient(), device);
    world
        .legacyLogIn(
            alice, Map.of("device_id", "old & odd", "initial_device_display_name", "<b>Nio</b>"))
        .then()
        .statusCode(200);
    world.refresh(client(device), tokens.refresh(), "Mozilla/5.0 (iPhone)", "203.0.113.9");
    activity.round();

    var page = browser.get("/account/sessions");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("@" + alice.username() + ":example.com", "Element on iPhone", device, "in use")
        .contains("203.0.113.9", "203.0.113.7")
        .contains("&lt;b&gt;Nio&lt;/b&gt;", "old &amp; odd")
        .contains("Firefox", "This browser")
        .doesNotContain("<b>Nio");
    var detail = browser.get("/account/sessions/" + Ids.text(session(device)));
    assertThat(detail.body())
        .contains("Element", device, "Mozilla/5.0 (iPhone)", "203.0.113.9", "UTC");
  }

  @Test
  @Tag("MSC4191")
  void a_session_is_signed_out_after_a_question_and_its_tokens_are_refused_at_once() {
    var device = World.device();
    var kept = world.logIn(alice, world.aPublicClient(), World.device());
    var tokens = world.logIn(alice, world.aPublicClient(), device);
    assertThat(world.isActive(tokens.access())).isTrue();
    var path =
        browser.get("/account/?action=org.matrix.device_delete&device_id=" + device).location();
    var question = browser.get(path);
    assertThat(question.body()).contains("Sign this out?");
    assertThat(approvals()).isEqualTo(2);
    assertThat(world.isActive(tokens.access())).as("a question ends nothing").isTrue();

    var answer = browser.submit(path, question, Map.of());

    assertThat(world.isActive(tokens.access())).isFalse();
    assertThat(world.isActive(kept.access())).isTrue();
    assertThat(answer.status()).isEqualTo(303);
    assertThat(answer.location()).isEqualTo("/account/sessions?ended=1");
    assertThat(browser.get(answer.location()).body())
        .contains("Signed out.")
        .doesNotContain(device);
    assertThat(reason(device)).isEqualTo("signed_out");
    assertThat(approvals()).as("its app does not come back unasked").isZero();
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).hasSize(1).doesNotContain(device);
    assertThat(browser.get(path).status()).as("it is over").isEqualTo(404);
    assertThat(browser.submit(path, question, Map.of()).status()).isEqualTo(404);
  }

  @Test
  void an_older_app_is_signed_out_the_same_way() {
    var token = legacyToken("OLDAPP0001");
    var path = "/account/sessions/" + Ids.text(session("OLDAPP0001"));

    browser.submit(path, browser.get(path), Map.of());

    assertThat(world.isActive(token)).isFalse();
    assertThat(reason("OLDAPP0001")).isEqualTo("signed_out");
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).isEmpty();
  }

  @Test
  void what_is_somebody_elses_is_like_what_never_was() {
    var bob = world.alice();
    var device = World.device();
    var tokens = world.logIn(bob, world.aPublicClient(), device);
    var bobsBrowser = new Browser();
    world.signIn(bobsBrowser, bob, "/login");
    var foreign = List.of(Ids.text(session(device)), Ids.text(browserSession(bob)));
    var form = browser.get("/account/");

    var unknown = browser.get("/account/sessions/01KB0000000000000000000002");
    for (var id : foreign) {
      var seen = browser.get("/account/sessions/" + id);
      var ended = browser.submit("/account/sessions/" + id, form, Map.of());
      assertThat(seen.status()).isEqualTo(404);
      assertThat(ended.status()).isEqualTo(404);
      assertThat(withoutReference(seen.body())).isEqualTo(withoutReference(unknown.body()));
    }
    assertThat(browser.get("/account/?action=session_view&device_id=" + device).location())
        .isEmpty();
    assertThat(browser.get("/account/devices/" + device).status()).isEqualTo(404);
    assertThat(browser.get("/account/sessions/nonsense").status()).isEqualTo(404);
    assertThat(browser.get("/account/sessions").body()).doesNotContain(device);
    assertThat(world.isActive(tokens.access())).isTrue();
    assertThat(bobsBrowser.get("/account/").status()).isEqualTo(200);
  }

  @Test
  void a_form_of_another_site_signs_nothing_out() {
    var token = legacyToken(World.device());
    var others = new Browser().get("/login");

    for (var path : paths()) {
      assertThat(browser.post(path, Map.of()).status()).isEqualTo(400);
      assertThat(browser.submit(path, others, Map.of()).status()).isEqualTo(400);
    }
    assertThat(world.isActive(token)).isTrue();
  }

  @Test
  void who_is_not_signed_in_sees_nothing_and_comes_back_after_signing_in() {
    for (var path : paths()) {
      var toLogin = new Browser().get(path).location();
      assertThat(toLogin).as(path).startsWith("/login?kind=account_page&page=");
      assertThat(world.signIn(new Browser(), alice, toLogin).location()).isEqualTo(path);
    }
    var stranger = new Browser();
    var form = stranger.get("/login");
    assertThat(stranger.submit("/account/sessions/others", form, Map.of()).location())
        .startsWith("/login?");
  }

  @Test
  void another_browser_is_signed_out_and_told_so() {
    var other = new Browser("Mozilla/5.0 Chrome/140.0");
    world.signIn(other, alice, "/login");
    var path = "/account/sessions/" + Ids.text(newestBrowserSession());

    browser.submit(path, browser.get(path), Map.of());

    assertThat(other.get("/account/").body()).contains("You were signed out");
    assertThat(browser.get("/account/").body()).contains("Your account");
  }

  @Test
  void everything_else_is_signed_out_at_once_after_a_recent_sign_in() {
    var app = world.logIn(alice);
    var old = legacyToken(World.device());
    var other = new Browser();
    world.signIn(other, alice, "/login");
    world.clock().advance(Duration.ofMinutes(16));
    var stale = browser.get("/account/");
    var path = "/account/sessions/others";

    var toLogin = browser.get(path).location();
    assertThat(browser.submit(path, stale, Map.of()).location()).isEqualTo(toLogin);
    assertThat(toLogin).isEqualTo("/login?kind=account_page&page=others");
    assertThat(browser.get(toLogin).body()).contains("Confirm that it is you");
    assertThat(world.isActive(app.access()) || world.isActive(old)).isTrue();

    assertThat(world.signIn(browser, alice, toLogin).location()).isEqualTo(path);
    var question = browser.get(path);
    assertThat(question.body()).contains("2 apps and devices", "other browser");
    var answer = browser.submit(path, question, Map.of());

    assertThat(answer.location()).startsWith("/account/sessions?ended=");
    assertThat(world.isActive(app.access())).isFalse();
    assertThat(world.isActive(old)).isFalse();
    assertThat(other.get("/account/").body()).contains("You were signed out");
    assertThat(browser.get("/account/sessions").body()).contains("No app is signed in");
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).isEmpty();
  }

  @Test
  void many_sessions_come_in_pages() {
    var client = world.aPublicClient();
    World.sql(
        """
        insert into latchkey.oauth_sessions (id, client_id, user_id, scope, device_id, created_at, opened_at, nonce, issued_at, access_ttl, token_key)
        select cast('01900000-0000-7000-8000-' || lpad(n::text, 12, '0') as uuid), '%s', '%s', 'openid', 'PAGED' || lpad(n::text, 3, '0'), now(), now(), 1, now(), 300, 1
          from generate_series(1, 60) n
        """
            .formatted(Ids.parse(client).orElseThrow(), alice.id()));

    var first = browser.get("/account/sessions").body();
    var older = first.replaceAll("(?s).*(/account/sessions\\?before=[0-9A-Z]{26}).*", "$1");
    var second = browser.get(older).body();

    assertThat(first).contains("PAGED060", "PAGED011", "Show older").doesNotContain("PAGED010<");
    assertThat(second).contains("PAGED010<", "PAGED001<").doesNotContain("PAGED011", "Show older");
    World.sql("delete from latchkey.oauth_sessions where user_id = '%s'".formatted(alice.id()));
  }

  @Test
  void so_do_many_browsers_each_of_which_can_be_signed_out_and_all_of_which_can() {
    World.sql(
        """
        insert into latchkey.browser_sessions (id, user_id, created_at, authenticated_at, amr)
        select cast('01900000-0000-7000-8000-' || lpad(n::text, 12, '0') as uuid), '%s', now(), now(), '{pwd}'
          from generate_series(1, 120) n
        """
            .formatted(alice.id()));
    var oldest =
        "/account/sessions/" + Ids.text(UUID.fromString("01900000-0000-7000-8000-000000000001"));

    var pages = new ArrayList<String>();
    var next = "/account/sessions";
    while (next.startsWith("/account/sessions") && pages.size() < 5) {
      pages.add(browser.get(next).body());
      next =
          pages.getLast().replaceAll("(?s).*(/account/sessions\\?browsers=[0-9A-Z]{26}).*", "$1");
    }

    assertThat(pages).hasSize(3);
    assertThat(pages.getFirst()).contains("No app is signed in");
    assertThat(pages.getLast()).contains(oldest).doesNotContain("No app is signed in");
    assertThat(browser.submit(oldest, browser.get(oldest), Map.of()).location())
        .isEqualTo("/account/sessions?ended=1");
    assertThat(browsers()).isEqualTo(120);
    browser.submit("/account/sessions/others", browser.get("/account/sessions/others"), Map.of());
    assertThat(browsers()).isEqualTo(1);
  }

  private long browsers() {
    return World.count(
        "select count(*) from latchkey.browser_sessions where user_id = '%s' and finished_at is null"
            .formatted(alice.id()));
  }

  private long approvals() {
    return World.count(
        "select count(*) from latchkey.approvals where user_id = '%s'".formatted(alice.id()));
  }

  private List<String> paths() {
    return List.of(
        "/account/sessions/" + Ids.text(browserSession(alice)), "/account/sessions/others");
  }

  private String legacyToken(String device) {
    return world
        .legacyLogIn(alice, Map.of("device_id", device))
        .then()
        .statusCode(200)
        .extract()
        .path("access_token");
  }

  private static String client(String device) {
    return Ids.text(
        World.uuid(
            "select client_id from latchkey.oauth_sessions where device_id = '%s'"
                .formatted(device)));
  }

  private static UUID session(String device) {
    return World.uuid(
        "select id from latchkey.oauth_sessions where device_id = '%s' order by id desc limit 1"
            .formatted(device));
  }

  private static UUID browserSession(Person person) {
    return World.uuid(
        "select id from latchkey.browser_sessions where user_id = '%s' order by id limit 1"
            .formatted(person.id()));
  }

  private UUID newestBrowserSession() {
    return World.uuid(
        "select id from latchkey.browser_sessions where user_id = '%s' and user_agent like '%%Chrome%%' limit 1"
            .formatted(alice.id()));
  }

  private static String reason(String device) {
    return String.valueOf(
        World.text(
            "select finished_reason from latchkey.oauth_sessions where device_id = '%s' order by id desc limit 1"
                .formatted(device)));
  }

  private static String withoutReference(String body) {
    return body.replaceAll("(?s)<p class=\"reference\">.*?</p>", "");
  }
}
