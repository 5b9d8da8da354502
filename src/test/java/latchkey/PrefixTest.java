package latchkey;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.regex.Pattern;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.PrefixedHouse;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Below a path of somebody else's host, behind a proxy that does not strip it.
@Tag("slow")
@QuarkusTest
@WithTestResource(PrefixedHouse.class)
class PrefixTest {
  private static final Pattern LINK = Pattern.compile("(?:href|src|action)=\"(/[^\"]*)\"");

  @Inject World world;

  @Test
  void the_whole_path_goes_below_the_prefix() {
    var alice = world.alice();
    var client = world.aPublicClient();

    var answer = world.consent(new Browser(), alice, World.authorize(client, Map.of())).answer();
    var tokens = World.tokens(world.exchange(client, answer.get("code")));

    assertThat(answer).containsEntry("iss", House.url() + "/");
    assertThat(world.isActive(tokens.access())).isTrue();
    World.tokens(world.refresh(client, tokens.refresh()));
  }

  @Test
  void every_link_cookie_and_endpoint_carries_the_prefix() {
    world.awaitReady();
    var browser = new Browser();

    for (var path : new String[] {"/", "/login", "/nothing"}) {
      var page = browser.get(path);
      var links = LINK.matcher(page.body());
      while (links.find()) {
        assertThat(links.group(1)).as(path).startsWith("/auth/");
      }
      if (page.headers().containsKey("set-cookie")) {
        assertThat(page.headers().get("set-cookie")).contains("; Path=/auth/;");
      }
    }
    assertThat(browser.get("/assets/latchkey.css").status()).isEqualTo(200);
    assertThat(browser.get("/account").location()).isEqualTo("/auth/account/");
    assertThat(browser.get("/.well-known/change-password").location())
        .isEqualTo("/auth/account/password/change");
    World.http()
        .get("/.well-known/openid-configuration")
        .then()
        .body("issuer", equalTo(House.url() + "/"))
        .body("token_endpoint", equalTo(House.url() + "/oauth2/token"))
        .body("jwks_uri", equalTo(House.url() + "/oauth2/keys.json"));
  }

  @Test
  void behind_a_proxy_that_strips_the_path_a_listener_has_no_prefix_and_links_have() {
    world.awaitReady();
    var login = "http://localhost:" + House.doors().port("only-human") + "/login";

    var page = given().get(login);

    assertThat(page.statusCode()).isEqualTo(200);
    var links = LINK.matcher(page.asString());
    int count = 0;
    for (; links.find(); count++) {
      assertThat(links.group(1)).startsWith("/auth/");
    }
    assertThat(count).isPositive();
    assertThat(page.header("set-cookie")).contains("; Path=/auth/;");
    assertThat(given().get(login.replace("/login", "/auth/login")).statusCode()).isEqualTo(404);
  }
}
