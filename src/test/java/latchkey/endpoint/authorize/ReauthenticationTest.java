package latchkey.endpoint.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `prompt=login` and `max_age`: who is signed in has to prove it again, and nothing gets around
/// it.
@QuarkusTest
@WithTestResource(House.class)
@Tag("OIDC-Core-3.1.2.1")
class ReauthenticationTest {
  @Inject World world;
  @Inject AuthorizationGrants grants;

  private Person alice;
  private String client;
  private final Browser browser = new Browser();

  @BeforeEach
  void alice_has_been_signed_in_for_a_while() {
    alice = world.alice();
    client = world.aPublicClient();
    world.signIn(browser, alice, "/login");
    world.clock().advance(Duration.ofSeconds(100));
  }

  @Test
  void the_page_asks_again_says_why_and_knows_the_name() {
    var path = start(Map.of("prompt", "login"));

    var toLogin = browser.get(path);
    var page = browser.get(toLogin.location());

    assertThat(toLogin.location()).startsWith("/login?kind=continue_authorization_grant");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("Confirm that it is you", "value=\"" + alice.username() + "\"")
        .doesNotContain(alice.password());
  }

  @Test
  void a_new_sign_in_is_the_new_auth_time_of_the_same_session() {
    var before = claims(Map.of());
    var path = start(Map.of("prompt", "login"));
    var loginPath = browser.get(path).location();

    var consentPath = world.signIn(browser, alice, loginPath).location();
    var code = browser.submit(consentPath, browser.get(consentPath), Map.of()).answer().get("code");
    var after = World.claims(World.tokens(world.exchange(client, code)).idToken());

    assertThat(consentPath).isEqualTo(path);
    assertThat(after.getLong("auth_time")).isGreaterThanOrEqualTo(before.getLong("auth_time") + 90);
    assertThat(after.getString("sid")).isEqualTo(before.getString("sid"));
    assertThat(after.getString("sub")).isEqualTo(before.getString("sub"));
  }

  @Test
  void nothing_but_the_password_gets_past_it() {
    for (var demand : List.of(Map.of("prompt", "login"), Map.of("max_age", "0"))) {
      var path = start(demand);
      var loginPath = browser.get(path).location();
      // A page of another grant, for its tokens against forgery.
      var otherPath = start(Map.of());
      var other = browser.get(otherPath);

      assertThat(browser.get(path).location()).as("loaded again").isEqualTo(loginPath);
      assertThat(browser.submit(path, other, Map.of()).location())
          .as("sent at once")
          .isEqualTo(loginPath);
      assertThat(browser.submit(path, other, Map.of("act", "continue")).location())
          .as("chosen")
          .isEqualTo(path);
      assertThat(browser.get(path).location()).as("after choosing").isEqualTo(loginPath);
      assertThat(browser.get(loginPath).status()).as("the sign-in page").isEqualTo(200);
      assertThat(browser.get(loginPath + "&prompt=none").status()).as("edited").isEqualTo(200);
      var wrong =
          browser.submit(
              loginPath,
              browser.get(loginPath),
              Map.of("username", alice.username(), "password", "wrong"));
      assertThat(wrong.body()).contains("Confirm that it is you", "do not belong together");
      assertThat(browser.get(path).location()).as("wrong password").isEqualTo(loginPath);
      assertThat(fulfilled(path)).isZero();
    }
  }

  @Test
  void the_update_that_makes_the_code_asks_by_itself() {
    var path = start(Map.of("prompt", "login"));
    var old = start(Map.of("max_age", "50"));
    var fine = start(Map.of("max_age", "5000"));
    var now = world.clock().instant();

    assertThat(grants.fulfil(id(path), session(), now)).isEmpty();
    assertThat(grants.fulfil(id(old), session(), now)).isEmpty();
    assertThat(grants.fulfil(id(fine), session(), now)).isPresent();
    world.signIn(browser, alice, browser.get(path).location());
    assertThat(grants.fulfil(id(path), session(), world.clock().instant())).isPresent();
  }

  @Test
  void one_new_sign_in_serves_every_request_before_it_and_none_after_it() {
    var first = start(Map.of("prompt", "login"));
    var second = start(Map.of("prompt", "login"));

    world.signIn(browser, alice, browser.get(first).location());
    world.clock().advance(Duration.ofSeconds(1));
    var third = start(Map.of("prompt", "login"));

    assertThat(browser.get(first).status()).isEqualTo(200);
    assertThat(browser.get(second).status()).isEqualTo(200);
    assertThat(browser.get(third).location()).startsWith("/login");
  }

  @Test
  void another_person_may_sign_in_instead_and_ends_the_session_before() {
    var bob = world.alice();
    var before = session();
    var path = start(Map.of("prompt", "login"));

    world.signIn(browser, bob, browser.get(path).location());

    assertThat(browser.get(path).body()).contains("@" + bob.username() + ":");
    assertThat(
            World.count(
                "select count(*) from latchkey.browser_sessions where finished_at is not null and id = '"
                    + before
                    + "'"))
        .isEqualTo(1);
  }

  @Test
  void a_sign_in_that_is_young_enough_will_do_and_is_told() {
    var path = start(Map.of("max_age", "1000"));

    var page = browser.get(path);

    assertThat(page.status()).isEqualTo(200);
    assertThat(claims(Map.of("max_age", "1000")).getLong("auth_time")).isPositive();
  }

  @Test
  void a_sign_in_that_grows_too_old_on_the_consent_page_has_to_be_repeated() {
    var path = start(Map.of("max_age", "150"));
    var question = browser.get(path);
    assertThat(question.status()).isEqualTo(200);
    world.clock().advance(Duration.ofSeconds(60));

    var answer = browser.submit(path, question, Map.of());

    assertThat(answer.location()).startsWith("/login?kind=continue_authorization_grant");
    assertThat(fulfilled(path)).isZero();
  }

  @Test
  void a_sign_in_made_for_the_request_will_do_however_long_the_person_reads() {
    var path = start(Map.of("max_age", "1"));
    world.signIn(browser, alice, browser.get(path).location());
    world.clock().advance(Duration.ofMinutes(5));

    assertThat(browser.submit(path, browser.get(path), Map.of()).answer()).containsKey("code");
  }

  @Test
  void what_is_no_age_or_prompt_is_invalid_request() {
    for (var age : List.of("-1", "x", "1.5", "1e3", "0x10", " 5", "9".repeat(19))) {
      refused(Map.of("max_age", age));
    }
    for (var prompt :
        List.of(
            "none login",
            "consent none",
            "none none consent",
            "nonsense",
            "login nonsense",
            "Login",
            "login  consent",
            " ")) {
      refused(Map.of("prompt", prompt));
    }
  }

  @Test
  void consent_is_asked_for_always() {
    assertThat(browser.get(start(Map.of("prompt", "consent"))).body()).contains("Allow");
    assertThat(browser.get(start(Map.of("prompt", "consent login"))).location())
        .startsWith("/login");
    assertThat(browser.get(start(Map.of("prompt", "consent", "max_age", "999999999999"))).body())
        .contains("Allow");
  }

  private String start(Map<String, String> changes) {
    var location = browser.get(World.authorize(client, changes)).location();
    assertThat(location).startsWith("/consent/");
    return location;
  }

  private JsonObject claims(Map<String, String> changes) {
    var path = start(changes);
    var code = browser.submit(path, browser.get(path), Map.of()).answer().get("code");
    return World.claims(World.tokens(world.exchange(client, code)).idToken());
  }

  private void refused(Map<String, String> changes) {
    assertThat(browser.get(World.authorize(client, changes)).answer())
        .as(changes.toString())
        .containsEntry("error", "invalid_request");
  }

  /// Alice's browser session, as the database knows it.
  private UUID session() {
    return World.uuid(
        "select id from latchkey.browser_sessions where finished_at is null and user_id = '"
            + alice.id()
            + "' order by id desc limit 1");
  }

  private static UUID id(String consentPath) {
    return Ids.parse(consentPath.substring("/consent/".length())).orElseThrow();
  }

  private static long fulfilled(String consentPath) {
    return World.count(
        "select count(*) from latchkey.authorization_grants where fulfilled_at is not null and id = '"
            + id(consentPath)
            + "'");
  }
}
