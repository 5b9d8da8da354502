package latchkey.endpoint.matrix;

import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.PrefixedHouse;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where the admin demands that apps sign in with passwords of their own
/// (`latchkey.compat.app_passwords: required`).
@Tag("slow")
@QuarkusTest
@WithTestResource(PrefixedHouse.class)
class AppPasswordsRequiredTest {
  @Inject World world;

  private Person alice;
  private final Browser browser = new Browser();

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
  }

  @Test
  void a_persons_own_password_is_refused_right_or_wrong_and_told_where_to_make_another() {
    for (var password :
        new String[] {alice.password(), "wrong", "7k2m-9xqd-4t0w-ezh5-3vbn-81rc-p6ys"}) {
      world
          .legacyLogIn(alice, Map.of("password", password))
          .then()
          .statusCode(403)
          .body("errcode", equalTo("M_FORBIDDEN"))
          .body(
              "error",
              equalTo(
                  "Apps sign in here with a password of their own only. Make one at "
                      + House.url()
                      + "/account/app-passwords"));
    }
    assertThat(
            World.count(
                "select count(*) from latchkey.oauth_sessions where user_id = '%s'"
                    .formatted(alice.id())))
        .isZero();
  }

  @Test
  void one_that_was_made_there_signs_in_and_the_flow_is_still_offered() {
    world.signIn(browser, alice, "/login");
    var form = browser.get("/account/app-passwords/new");
    var made = browser.submit("/account/app-passwords/new", form, Map.of("name", "Nio"));
    var secret =
        browser
            .get(made.location())
            .body()
            .replaceAll("(?s).*<code class=\"secret\"[^>]*>([^<]*)</code>.*", "$1");

    world.legacyLogIn(alice, Map.of("password", secret)).then().statusCode(200);
    http().get("/_matrix/client/v3/login").then().body("flows.type", hasItem("m.login.password"));
  }

  @Test
  void the_login_through_the_browser_takes_the_persons_own_as_before() {
    var start =
        http()
            .queryParam("redirectUrl", "https://app.example.org/")
            .get("/_matrix/client/v3/login/sso/redirect")
            .header("Location");
    var path = world.signIn(browser, alice, browser.get(start).location()).location();
    var target = browser.submit(path, browser.get(path), Map.of()).location();
    var token = target.replaceAll(".*loginToken=", "");

    http()
        .contentType("application/json")
        .body(Map.of("type", "m.login.token", "token", token))
        .post("/_matrix/client/v3/login")
        .then()
        .statusCode(200);
  }
}
