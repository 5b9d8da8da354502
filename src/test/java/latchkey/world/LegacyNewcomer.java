package latchkey.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import java.util.Map;
import java.util.regex.Pattern;

/// Somebody with a legacy client, let in by `m.login.sso` and a trip to a provider, all of it
/// through the front door; their account is made on the way.
///
/// @param access the token of the legacy session
public record LegacyNewcomer(String username, String access, String device) {
  private static final Pattern TOKEN = Pattern.compile("[?&]loginToken=([^&#]+)");

  /// @param provider where whoever is at its browser signs in, without a question here
  public static LegacyNewcomer of(FakeUpstream provider, String username) {
    var browser = new Browser();
    var sso =
        World.http()
            .get("/_matrix/client/v3/login/sso/redirect?redirectUrl=https://app.example.org/")
            .header("Location");
    var login = browser.get(sso);
    assertThat(login.location()).startsWith("/login?");
    var query = login.location().replaceFirst("[^?]*", "");
    var arrived = Trip.through(browser, provider, query);
    assertThat(arrived.location()).as(arrived.body()).startsWith("/complete-compat-sso/");
    var back =
        browser.submit(arrived.location(), browser.get(arrived.location()), Map.of()).location();
    var token = TOKEN.matcher(back);
    assertThat(token.find()).as(back).isTrue();
    var answer =
        World.http()
            .contentType(ContentType.JSON)
            .body(Map.of("type", "m.login.token", "token", token.group(1)))
            .post("/_matrix/client/v3/login");
    answer.then().statusCode(200);
    return new LegacyNewcomer(username, answer.path("access_token"), answer.path("device_id"));
  }
}
