package latchkey.endpoint.account;

import static latchkey.world.World.count;
import static latchkey.world.World.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Test;

/// Passwords for one legacy app each: made, shown once, used, taken back.
@QuarkusTest
@WithTestResource(House.class)
class AppPasswordsTest extends AppPasswordScene {
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

  private static String token(Response response) {
    return response.then().statusCode(200).extract().path("access_token");
  }

  private long live(String which) {
    return count(
        "select count(*) from latchkey.oauth_sessions where user_id = '%s' and app_password_id is not null and %s"
            .formatted(alice.id(), which));
  }
}
