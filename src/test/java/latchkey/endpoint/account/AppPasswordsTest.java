package latchkey.endpoint.account;

import static latchkey.world.World.count;
import static latchkey.world.World.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import latchkey.base.crypto.Digest;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Passwords for one legacy app each: made, shown once, used, taken back.
@QuarkusTest
@WithTestResource(House.class)
class AppPasswordsTest {
  private static final String LIST = "/account/app-passwords";
  private static final String NEW = LIST + "/new";
  private static final Pattern SECRET =
      Pattern.compile("<code class=\"secret\"[^>]*>([0-9a-z]{4}(?:-[0-9a-z]{4}){6})</code>");

  @Inject World world;

  private Person alice;
  private final Browser browser = new Browser();

  /// @param path of its page
  private record Made(String path, String secret) {}

  @BeforeEach
  void alice_is_signed_in() {
    alice = world.alice();
    world.signIn(browser, alice, "/login");
  }

  @AfterEach
  void the_homeserver_is_back() {
    world.homeserver().comeBack();
  }

  @Test
  void one_is_made_shown_once_and_signs_an_app_in() {
    assertThat(browser.get(LIST).body()).contains("You have made none yet");

    var answer = submit(Map.of("name", " Nio\u202e on  the <laptop> ", "days", "forever"));
    assertThat(answer.status()).as("no reload makes another").isEqualTo(303);
    var shown = browser.get(answer.location());
    var again = browser.get(answer.location());

    var secret = secret(shown);
    assertThat(shown.headers()).containsEntry("cache-control", "no-store");
    assertThat(shown.body())
        .contains("Nio on the &lt;laptop&gt;", "@" + alice.username() + ":example.com");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).doesNotContain(secret).contains("Nio on the &lt;laptop&gt;");
    assertThat(answer.location() + answer.headers()).doesNotContain(secret);
    var token = token(logIn(secret));
    assertThat(world.isActive(token)).isTrue();
    assertThat(browser.get(LIST).body())
        .contains("Nio on the &lt;laptop&gt;", "203.0.113.7", "· <bdi dir=\"ltr\">nio</bdi>")
        .doesNotContain("not used yet");
  }

  @Test
  void only_its_digest_is_stored_and_it_has_140_bits() throws Exception {
    var secrets = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      secrets.add(make("app " + i, "").secret());
    }

    for (var secret : secrets) {
      var bare = secret.replace("-", "");
      assertThat(bare).hasSize(28).matches("[0-9a-hjkmnp-tv-z]+");
      assertThat(
              count(
                  "select count(*) from latchkey.app_passwords where digest = decode('%s', 'hex')"
                      .formatted(java.util.HexFormat.of().formatHex(Digest.sha256(bare)))))
          .isEqualTo(1);
      assertThat(
              count(
                  "select count(*) from latchkey.app_passwords p where p::text like '%%%s%%' or p::text like '%%%s%%'"
                      .formatted(secret, bare)))
          .isZero();
      assertThat(
              count(
                  "select count(*) from latchkey.audit_events e where e::text like '%%%s%%'"
                      .formatted(secret)))
          .isZero();
    }
    assertThat(secrets).doesNotHaveDuplicates();
    assertThat(events("app_password_made")).isEqualTo(3);
  }

  @Test
  void how_it_is_typed_does_not_matter() {
    var secret = make("Nio", "").secret();

    for (var typed :
        List.of(
            secret.replace("-", ""),
            secret.toUpperCase(Locale.ROOT),
            " " + secret.replace("-", " ") + " ",
            secret.replace('0', 'o').replace('1', 'l'))) {
      logIn(typed).then().statusCode(200);
    }
    for (var wrong : List.of(secret + "x", secret.substring(1), secret.replaceAll("[a-z]", "z"))) {
      refused(logIn(wrong));
    }
    refused(logIn(make("other", "").secret().substring(0, 20) + secret.substring(20)));
  }

  @Test
  void the_persons_own_password_still_works_unless_the_admin_forbids_it() {
    make("Nio", "");
    world.legacyLogIn(alice, Map.of()).then().statusCode(200);
    refused(world.legacyLogIn(alice, Map.of("password", "wrong")));
  }

  @Test
  void it_is_nobody_elses_password() {
    var secret = make("Nio", "").secret();
    var bob = world.alice();

    refused(world.legacyLogIn(bob, Map.of("password", secret)));
    refused(
        world.legacyLogIn(
            bob,
            Map.of(
                "password",
                secret,
                "identifier",
                Map.of("type", "m.id.user", "user", "nobody-at-all"))));
  }

  @Test
  void it_does_not_open_the_sign_in_page() {
    var secret = make("Nio", "").secret();
    var stranger = new Browser();

    var page =
        stranger.submit(
            "/login",
            stranger.get("/login"),
            Map.of("username", alice.username(), "password", secret));

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("data-error-kind=\"invalid_credentials\"");
    assertThat(stranger.get(LIST).status()).isEqualTo(303);
  }

  @Test
  void a_session_opened_with_one_is_no_administrators_whatever_its_user_may() {
    World.sql(
        "update latchkey.users set can_request_admin = true where id = '%s'".formatted(alice.id()));

    var token = token(logIn(make("Nio", "").secret()));

    assertThat(world.introspect(token).<String>path("scope"))
        .isEqualTo("urn:matrix:client:api:* urn:matrix:org.matrix.msc2967.client:api:*");
  }

  @Test
  void an_expired_one_is_refused_and_what_it_opened_is_signed_out() {
    var made = make("Nio", "30");
    var other = token(logIn(make("other", "90").secret()));
    world.clock().advance(Duration.ofDays(29));
    var token = token(logIn(made.secret()));
    assertThat(world.isActive(token)).isTrue();

    world.clock().advance(Duration.ofDays(1).plusMinutes(2));
    refused(logIn(made.secret()));
    rounds(Duration.ofMinutes(2));

    refused(logIn(made.secret()));
    assertThat(world.isActive(token)).isFalse();
    assertThat(world.isActive(other)).isTrue();
    assertThat(live("finished_reason = 'app_password_expired'")).isEqualTo(1);
    assertThat(browser.get(LIST).body()).contains("Expired");
  }

  @Test
  void one_that_was_taken_back_is_refused_and_ends_what_it_opened() {
    var made = make("Nio", "");
    var kept = token(logIn(make("other", "").secret()));
    var own = token(world.legacyLogIn(alice, Map.of()));
    var token = token(logIn(made.secret()));
    var question = browser.get(made.path());
    assertThat(question.body()).contains("Take this app password back?", "checked");
    assertThat(world.isActive(token)).isTrue();

    var answer = browser.submit(made.path(), question, Map.of("end_sessions", "yes"));

    assertThat(answer.location()).isEqualTo(LIST + "?revoked=1");
    assertThat(browser.get(answer.location()).body()).contains("It was taken back");
    assertThat(world.isActive(token)).isFalse();
    assertThat(world.isActive(kept)).isTrue();
    assertThat(world.isActive(own)).isTrue();
    refused(logIn(made.secret()));
    assertThat(browser.get(made.path()).status()).isEqualTo(404);
    assertThat(events("app_password_revoked")).isEqualTo(1);
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).hasSize(2);
  }

  @Test
  void what_it_opened_may_stay() {
    var made = make("Nio", "");
    var token = token(logIn(made.secret()));

    browser.submit(made.path(), browser.get(made.path()), Map.of());

    assertThat(world.isActive(token)).isTrue();
    refused(logIn(made.secret()));
  }

  @Test
  void a_login_that_races_with_taking_it_back_leaves_no_session() throws Exception {
    var made = make("Nio", "");
    var question = browser.get(made.path());
    var works = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 6; i++) {
      works.add(() -> logIn(made.secret()).statusCode());
    }
    works.add(
        3, () -> browser.submit(made.path(), question, Map.of("end_sessions", "yes")).status());

    var answers = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(works)) {
        answers.add(answer.get());
      }
    }

    assertThat(answers).isSubsetOf(200, 303, 403, 503);
    assertThat(live("finished_at is null")).isZero();
  }

  @Test
  void a_login_that_fails_at_the_homeserver_is_no_use() {
    var made = make("Nio", "");
    world.homeserver().goAway();

    logIn(made.secret()).then().statusCode(503);

    assertThat(
            text(
                "select last_used_at from latchkey.app_passwords where user_id = '%s'"
                    .formatted(alice.id())))
        .isNull();
  }

  @Test
  void who_is_locked_is_told_so_by_it_and_who_is_deactivated_is_not() {
    var secret = make("Nio", "").secret();
    World.sql("update latchkey.users set locked_at = now() where id = '" + alice.id() + "'");
    logIn(secret).then().statusCode(401).body("errcode", equalTo("M_USER_LOCKED"));
    World.sql("update latchkey.users set deactivated_at = now() where id = '" + alice.id() + "'");
    refused(logIn(secret));
  }

  @Test
  void making_one_wants_a_recent_sign_in_and_taking_it_back_does_not() {
    var made = make("Nio", "");
    world.clock().advance(Duration.ofMinutes(16));
    var stale = browser.get(made.path());

    var toLogin = browser.get(NEW).location();
    assertThat(toLogin).isEqualTo("/login?kind=account_page&page=new_app_password");
    assertThat(browser.submit(NEW, stale, Map.of("name", "Nio")).location()).isEqualTo(toLogin);
    assertThat(passwords()).isEqualTo(1);
    assertThat(world.signIn(browser, alice, toLogin).location()).isEqualTo(NEW);
    assertThat(browser.get(NEW).status()).isEqualTo(200);

    world.clock().advance(Duration.ofMinutes(16));
    browser.submit(made.path(), browser.get(made.path()), Map.of("end_sessions", "yes"));
    refused(logIn(made.secret()));
  }

  @Test
  void a_form_of_another_site_makes_and_takes_back_nothing() {
    var made = make("Nio", "");
    var strangers = new Browser().get("/login");

    for (var path : List.of(NEW, made.path())) {
      assertThat(browser.post(path, Map.of("name", "x")).status()).isEqualTo(400);
      assertThat(browser.submit(path, strangers, Map.of("name", "x")).status()).isEqualTo(400);
    }
    assertThat(passwords()).isEqualTo(1);
    logIn(made.secret()).then().statusCode(200);
  }

  @Test
  void somebody_elses_is_like_one_that_never_was() {
    var made = make("Nio", "");
    var bob = world.alice();
    var bobs = new Browser();
    world.signIn(bobs, bob, "/login");
    var form = bobs.get("/account/");

    assertThat(bobs.get(made.path()).status()).isEqualTo(404);
    assertThat(bobs.submit(made.path(), form, Map.of("end_sessions", "yes")).status())
        .isEqualTo(404);
    assertThat(bobs.get(LIST).body()).doesNotContain("<bdi>Nio</bdi>");
    logIn(made.secret()).then().statusCode(200);
  }

  @Test
  void it_has_a_name_and_nobody_has_more_than_fifty() {
    var nameless = submit(Map.of("name", "  ", "days", "90"));
    assertThat(nameless.status()).isEqualTo(200);
    assertThat(nameless.body())
        .contains("Say which app it is for", "<option value=\"90\" selected>");
    World.sql(
        """
        insert into latchkey.app_passwords (id, user_id, name, digest, created_at)
        select gen_random_uuid(), '%1$s', 'x', sha256(convert_to('%1$s' || n, 'UTF8')), now() from generate_series(1, 50) n
        """
            .formatted(alice.id()));

    assertThat(submit(Map.of("name", "one too many")).body()).contains("Take one back first");
    assertThat(passwords()).isEqualTo(50);
  }

  @Test
  void many_made_at_once_are_no_more_than_fifty_either() throws Exception {
    World.sql(
        """
        insert into latchkey.app_passwords (id, user_id, name, digest, created_at)
        select gen_random_uuid(), '%1$s', 'x', sha256(convert_to('%1$s' || n, 'UTF8')), now() from generate_series(1, 47) n
        """
            .formatted(alice.id()));
    var form = browser.get(NEW);
    var works = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 16; i++) {
      var tab = browser.copy();
      works.add(() -> tab.submit(NEW, form, Map.of("name", "Nio")).status());
    }

    var answers = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(works)) {
        answers.add(answer.get());
      }
    }

    assertThat(answers).containsOnly(200, 303);
    assertThat(answers).filteredOn(status -> status == 303).hasSize(3);
    assertThat(passwords()).isEqualTo(50);
  }

  @Test
  void what_is_long_over_is_deleted_and_addresses_are_forgotten() {
    var made = make("Nio", "");
    logIn(made.secret()).then().statusCode(200);
    var old = make("old", "");
    browser.submit(old.path(), browser.get(old.path()), Map.of());
    assertThat(all()).isEqualTo(2);

    world.clock().advance(Duration.ofDays(31));
    rounds(Duration.ofHours(2));

    assertThat(all()).isEqualTo(1);
    assertThat(
            count(
                "select count(*) from latchkey.app_passwords where user_id = '%s' and last_used_at is not null and last_used_ip is null"
                    .formatted(alice.id())))
        .isEqualTo(1);
    logIn(made.secret()).then().statusCode(200);
  }

  /// A round that a jump of the clock met under way counts as dead, so there are several.
  private void rounds(Duration apart) {
    for (int round = 0; round < 3; round++) {
      world.runJobs();
      world.clock().advance(apart);
    }
  }

  private Made make(String name, String days) {
    var answer = submit(Map.of("name", name, "days", days));
    return new Made(answer.location(), secret(browser.get(answer.location())));
  }

  private Browser.Page submit(Map<String, String> fields) {
    var form = new HashMap<>(fields);
    form.values().removeIf(String::isEmpty);
    return browser.submit(NEW, browser.get(NEW), form);
  }

  private static String secret(Browser.Page page) {
    var match = SECRET.matcher(page.body());
    assertThat(match.find()).as(page.body()).isTrue();
    return match.group(1);
  }

  private Response logIn(String password) {
    return world.legacyLogIn(alice, Map.of("password", password));
  }

  private static String token(Response response) {
    return response.then().statusCode(200).extract().path("access_token");
  }

  private static void refused(Response response) {
    response
        .then()
        .statusCode(403)
        .body("errcode", equalTo("M_FORBIDDEN"))
        .body("error", equalTo("Invalid username/password"));
  }

  private long live(String which) {
    return count(
        "select count(*) from latchkey.oauth_sessions where user_id = '%s' and app_password_id is not null and %s"
            .formatted(alice.id(), which));
  }

  private long passwords() {
    return count(
        "select count(*) from latchkey.app_passwords where user_id = '%s' and revoked_at is null"
            .formatted(alice.id()));
  }

  private long all() {
    return count(
        "select count(*) from latchkey.app_passwords where user_id = '%s'".formatted(alice.id()));
  }

  private long events(String kind) {
    return count(
        "select count(*) from latchkey.audit_events where user_id = '%s' and kind = '%s'"
            .formatted(alice.id(), kind));
  }
}
