package latchkey.endpoint.matrix;

import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;

/// Alice's way through the browser, for a legacy client.
abstract class SsoScene {
  static final String APP = "https://app.example.org/?x=1#/home";

  static final String REDIRECT = "/_matrix/client/v3/login/sso/redirect";

  @Inject World world;

  final Browser browser = new Browser();
  Person alice;

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
  }

  void lock(String when) {
    World.sql(
        "update latchkey.users set locked_at = %s where id = '%s'".formatted(when, alice.id()));
  }

  /// Where the redirect leads.
  static String start(String redirectUrl, String query) {
    var answer =
        http()
            .urlEncodingEnabled(false)
            .get(
                REDIRECT
                    + "?redirectUrl="
                    + encoded(redirectUrl)
                    + (query.isEmpty() ? "" : "&" + query));
    answer.then().statusCode(303);
    return answer.header("Location");
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// The page that asks, signing in on the way if that is needed.
  Browser.Page question(String path) {
    var first = browser.get(path);
    if (first.status() == 303) {
      var back = world.signIn(browser, alice, first.location());
      first = browser.get(back.location());
    }
    assertThat(first.status()).isEqualTo(200);
    return first;
  }

  Browser.Page goThrough(String path) {
    var page = question(path);
    var answer = browser.submit(path, page, Map.of());
    assertThat(answer.status()).isEqualTo(303);
    return answer;
  }

  static String loginToken(Browser.Page redirect) {
    var url = redirect.location();
    int from = url.indexOf("loginToken=") + "loginToken=".length();
    return url.substring(from, from + 32);
  }

  static Response exchange(String token, Map<String, String> more) {
    var body = new java.util.HashMap<String, Object>(more);
    body.put("type", "m.login.token");
    body.put("token", token);
    return http().contentType(ContentType.JSON).body(body).post("/_matrix/client/v3/login");
  }
}
