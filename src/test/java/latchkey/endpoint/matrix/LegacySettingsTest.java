package latchkey.endpoint.matrix;

import static latchkey.world.World.count;
import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import latchkey.base.system.Ids;
import latchkey.domain.session.ActivityFlush;
import latchkey.world.Browser;
import latchkey.world.TunedHouse;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where e-mail addresses are names, and sessions end after a quarter of an hour unused and two
/// days at most.
@Tag("slow")
@QuarkusTest
@WithTestResource(TunedHouse.class)
class LegacySettingsTest {
  private static final Duration ROUND = Duration.ofMinutes(2);

  @Inject World world;
  @Inject ActivityFlush flush;

  private Person alice;
  private String address;

  @BeforeEach
  void alice_has_an_account() throws Exception {
    alice = world.alice();
    address = alice.username() + "@mail.example";
    World.sql(
        "insert into latchkey.user_emails (id, user_id, email, created_at) values (gen_random_uuid(), '%s', '%s', now())"
            .formatted(alice.id(), address));
    flush.round();
  }

  @AfterEach
  void the_homeserver_is_back() {
    world.homeserver().comeBack();
  }

  @Test
  void a_verified_address_is_as_good_as_a_name() {
    logIn("email", address.toUpperCase(java.util.Locale.ROOT), alice.password())
        .then()
        .statusCode(200)
        .body("user_id", equalTo("@" + alice.username() + ":example.com"));
    logIn("email", address, "wrong").then().statusCode(403);
    logIn("email", "nobody@mail.example", alice.password())
        .then()
        .statusCode(403)
        .body("error", equalTo("Invalid username/password"));
    logIn("msisdn", address, alice.password())
        .then()
        .statusCode(400)
        .body("error", equalTo("Unsupported login identifier"));
  }

  @Test
  void a_session_that_nobody_uses_ends() throws Exception {
    var token =
        world
            .legacyLogIn(alice, Map.of())
            .then()
            .statusCode(200)
            .extract()
            .<String>path("access_token");
    pass(Duration.ofMinutes(14));
    assertThat(world.isActive(token)).isTrue();

    pass(Duration.ofMinutes(18));

    assertThat(world.isActive(token)).isFalse();
  }

  @Test
  void a_refresh_after_the_end_of_time_is_too_late() throws Exception {
    var token =
        world
            .legacyLogIn(alice, Map.of("refresh_token", true))
            .then()
            .statusCode(200)
            .extract()
            .<String>path("refresh_token");
    world.clock().advance(Duration.ofDays(3));

    world
        .legacyRefresh(token, "nio", "203.0.113.7")
        .then()
        .statusCode(401)
        .body("errcode", equalTo("M_UNKNOWN_TOKEN"));

    assertThat(
            count(
                "select count(*) from latchkey.oauth_sessions where user_id = '%s' and finished_reason = 'expired'"
                    .formatted(alice.id())))
        .isEqualTo(1);
  }

  @Test
  void one_session_too_many_ends_the_compat_session_that_was_not_used_for_longest() {
    var tokens = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      tokens.add(logIn(World.device()));
      world.clock().advance(Duration.ofSeconds(2));
    }
    world.homeserver().goAway();
    world.legacyLogIn(alice, Map.of()).then().statusCode(503);
    world.homeserver().comeBack();
    assertThat(tokens).as("a login that fails ends nobody").allMatch(world::isActive);

    tokens.add(logIn(World.device()));

    assertThat(world.isActive(tokens.removeFirst())).isFalse();
    assertThat(tokens).allMatch(world::isActive);
    assertThat(live("finished_reason = 'evicted'")).isEqualTo(1);
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).hasSize(5);
  }

  @Test
  void many_logins_at_once_do_not_get_past_the_limit() throws Exception {
    for (int i = 0; i < 4; i++) {
      logIn(World.device());
    }
    var logins = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 6; i++) {
      logins.add(() -> world.legacyLogIn(alice, Map.of()).statusCode());
    }

    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var status : threads.invokeAll(logins)) {
        statuses.add(status.get());
      }
    }

    assertThat(statuses).contains(200).isSubsetOf(200, 503);
    assertThat(live("finished_at is null")).isEqualTo(5);
  }

  @Test
  void where_only_other_sessions_could_go_the_login_is_refused_unless_it_replaces_one() {
    world.aPublicClient();
    World.sql(
        """
        insert into latchkey.oauth_sessions (id, client_id, user_id, scope, device_id, created_at, opened_at, nonce, issued_at, access_ttl, token_key)
        select gen_random_uuid(), (select id from latchkey.clients limit 1), '%s', 'openid', 'OAUTHDEVICE' || n, now(), now(), 1, now(), 300, 1
          from generate_series(1, 5) n
        """
            .formatted(alice.id()));

    world
        .legacyLogIn(alice, Map.of())
        .then()
        .statusCode(403)
        .body("errcode", equalTo("M_FORBIDDEN"))
        .body(
            "error",
            equalTo(
                "You have reached your hard device limit. Please visit your account page to sign"
                    + " some out."));

    world.legacyLogIn(alice, Map.of("device_id", "OAUTHDEVICE3")).then().statusCode(200);
    assertThat(live("finished_at is null")).isEqualTo(5);
  }

  @Test
  void at_a_page_the_limit_is_lower_and_says_what_to_do() {
    for (int i = 0; i < 4; i++) {
      logIn(World.device());
    }
    var browser = new Browser();
    var sso =
        http()
            .queryParam("redirectUrl", "https://app.example.org/")
            .get("/_matrix/client/v3/login/sso/redirect")
            .header("Location");
    world.signIn(browser, alice, browser.get(sso).location());

    var legacy = browser.get(sso);
    var grant = browser.get(World.authorize(world.aPublicClient(), Map.of())).location();
    var consent = browser.get(grant);

    assertThat(legacy.status()).isEqualTo(403);
    assertThat(consent.status()).isEqualTo(200);
    for (var page : List.of(legacy, consent)) {
      assertThat(page.body())
          .contains("data-testid=\"device-limit-reached\"", "Choose one of these to sign out")
          .contains("account/?action=org.matrix.devices_list");
    }
    World.sql(
        "update latchkey.oauth_sessions set finished_at = now(), finished_reason = 'revoked' where id = (select id from latchkey.oauth_sessions where user_id = '%s' limit 1)"
            .formatted(alice.id()));
    assertThat(browser.get(sso).status()).isEqualTo(200);
    assertThat(browser.get(grant).body()).doesNotContain("device-limit-reached");
  }

  @Test
  void at_a_page_the_person_chooses_what_to_sign_out_and_goes_on() {
    var tokens = new ArrayList<String>();
    for (int i = 0; i < 4; i++) {
      tokens.add(logIn("CHOICE000" + i + alice.username()));
    }
    var bob = world.alice();
    var bobs = world.legacyLogIn(bob, Map.of()).then().extract().<String>path("access_token");
    var browser = new Browser();
    var client = world.aPublicClient();
    var grant = browser.get(World.authorize(client, Map.of())).location();
    grant = world.signIn(browser, alice, grant).location();
    var page = browser.get(grant);
    var choose = action(page);
    assertThat(page.body()).contains("CHOICE0000", "CHOICE0003").doesNotContain("This browser");

    assertThat(browser.post(choose, Map.of("end-" + id(0), "yes")).status()).isEqualTo(400);
    assertThat(browser.submit(choose, page, Map.of("end-" + idOf(bob), "yes")).location())
        .isEqualTo(grant);
    assertThat(browser.submit(choose, page, Map.of()).location()).isEqualTo(grant);
    assertThat(tokens).allMatch(world::isActive);
    assertThat(world.isActive(bobs)).isTrue();
    assertThat(browser.get(grant).body()).contains("device-limit-reached");

    var onwards = browser.submit(choose, page, Map.of("end-" + id(1), "yes"));

    assertThat(onwards.location()).isEqualTo(grant);
    assertThat(world.isActive(tokens.remove(1))).isFalse();
    assertThat(tokens).allMatch(world::isActive);
    var question = browser.get(grant);
    assertThat(question.body()).contains("Allow").doesNotContain("device-limit-reached");
    var code = browser.submit(grant, question, Map.of()).answer().get("code");
    assertThat(world.isActive(World.tokens(world.exchange(client, code)).access())).isTrue();
    assertThat(live("finished_reason = 'signed_out'")).isEqualTo(1);
    assertThat(live("finished_at is null")).isEqualTo(4);
  }

  @Test
  void at_the_page_of_an_older_app_too_and_what_is_chosen_is_signed_out_once() {
    for (int i = 0; i < 5; i++) {
      logIn("CHOICE000" + i + alice.username());
    }
    var browser = new Browser();
    var sso =
        http()
            .queryParam("redirectUrl", "https://app.example.org/")
            .get("/_matrix/client/v3/login/sso/redirect")
            .header("Location");
    var path = world.signIn(browser, alice, browser.get(sso).location()).location();
    var page = browser.get(path);
    assertThat(page.status()).isEqualTo(403);
    assertThat(page.body()).contains("Choose 2 of these to sign out");
    var choose = action(page);

    var back = browser.submit(choose, page, Map.of("end-" + id(2), "yes")).location();
    assertThat(back).isEqualTo(path);
    assertThat(browser.get(path).body()).contains("Choose one of these to sign out");
    browser.submit(choose, page, Map.of("end-" + id(2), "yes", "end-" + id(3), "yes"));

    assertThat(live("finished_at is null")).isEqualTo(3);
    var target = browser.submit(path, browser.get(path), Map.of()).location();
    assertThat(target).contains("loginToken=");
    assertThat(new Browser().submit(choose, new Browser().get("/login"), Map.of()).status())
        .isEqualTo(400);
  }

  /// Where the form of the choice goes.
  private static String action(Browser.Page page) {
    var body = page.body();
    int start = body.indexOf("/account/sessions/choose?");
    return body.substring(start, body.indexOf('"', start)).replace("&amp;", "&");
  }

  private String id(int device) {
    return Ids.text(
        World.uuid(
            "select id from latchkey.oauth_sessions where device_id = 'CHOICE000%d%s'"
                .formatted(device, alice.username())));
  }

  private static String idOf(Person person) {
    return Ids.text(
        World.uuid(
            "select id from latchkey.oauth_sessions where user_id = '%s'".formatted(person.id())));
  }

  private long live(String which) {
    return count(
        "select count(*) from latchkey.oauth_sessions where user_id = '%s' and %s"
            .formatted(alice.id(), which));
  }

  private String logIn(String device) {
    return world
        .legacyLogIn(alice, Map.of("device_id", device))
        .then()
        .statusCode(200)
        .extract()
        .path("access_token");
  }

  /// Lets time pass in which the server is there.
  private void pass(Duration time) throws Exception {
    for (var left = time; left.isPositive(); left = left.minus(ROUND)) {
      world.clock().advance(ROUND);
      flush.round();
    }
  }

  private static Response logIn(String medium, String address, String password) {
    return http()
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "type",
                "m.login.password",
                "identifier",
                Map.of("type", "m.id.thirdparty", "medium", medium, "address", address),
                "password",
                password))
        .post("/_matrix/client/v3/login");
  }
}
