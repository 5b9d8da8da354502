package latchkey.endpoint.account;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import latchkey.world.Browser;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Somebody is signed in and makes passwords for apps.
abstract class AppPasswordScene {
  static final String LIST = "/account/app-passwords";
  static final String NEW = LIST + "/new";
  private static final Pattern SECRET =
      Pattern.compile("<code class=\"secret\"[^>]*>([0-9a-z]{4}(?:-[0-9a-z]{4}){6})</code>");

  @Inject World world;

  Person alice;
  final Browser browser = new Browser();

  /// @param path of its page
  record Made(String path, String secret) {}

  @BeforeEach
  void alice_is_signed_in() {
    alice = world.alice();
    world.signIn(browser, alice, "/login");
  }

  @AfterEach
  void the_homeserver_is_back() {
    world.homeserver().comeBack();
  }

  /// A round that a jump of the clock met under way counts as dead, so there are several.
  void rounds(Duration apart) {
    for (int round = 0; round < 3; round++) {
      world.runJobs();
      world.clock().advance(apart);
    }
  }

  Made make(String name, String days) {
    var answer = submit(Map.of("name", name, "days", days));
    return new Made(answer.location(), secret(browser.get(answer.location())));
  }

  Browser.Page submit(Map<String, String> fields) {
    var form = new HashMap<>(fields);
    form.values().removeIf(String::isEmpty);
    return browser.submit(NEW, browser.get(NEW), form);
  }

  static String secret(Browser.Page page) {
    var match = SECRET.matcher(page.body());
    assertThat(match.find()).as(page.body()).isTrue();
    return match.group(1);
  }

  Response logIn(String password) {
    return world.legacyLogIn(alice, Map.of("password", password));
  }

  static void refused(Response response) {
    response
        .then()
        .statusCode(403)
        .body("errcode", equalTo("M_FORBIDDEN"))
        .body("error", equalTo("Invalid username/password"));
  }

  long events(String kind) {
    return count(
        "select count(*) from latchkey.audit_events where user_id = '%s' and kind = '%s'"
            .formatted(alice.id(), kind));
  }
}
