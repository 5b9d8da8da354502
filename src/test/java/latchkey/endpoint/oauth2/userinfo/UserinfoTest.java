package latchkey.endpoint.oauth2.userinfo;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import latchkey.base.system.Ids;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
@Tag("OIDC-Core-5.3")
class UserinfoTest {
  @Inject World world;

  @Test
  void it_tells_who_the_user_is_by_header_and_by_form() {
    var alice = world.alice();
    var tokens = world.logIn(alice);

    World.http()
        .header("Authorization", "Bearer " + tokens.access())
        .get("/oauth2/userinfo")
        .then()
        .statusCode(200)
        .body("sub", equalTo(Ids.text(alice.id())))
        .body("username", equalTo(alice.username()));
    World.http()
        .formParam("access_token", tokens.access())
        .post("/oauth2/userinfo")
        .then()
        .statusCode(200)
        .body("username", equalTo(alice.username()));
  }

  @Test
  @Tag("RFC6750-3")
  void a_refusal_says_why_in_its_challenge() {
    var client = world.aPublicClient();
    var noOpenid =
        World.tokens(world.exchange(client, world.code(world.alice(), client, World.API)));

    World.http()
        .get("/oauth2/userinfo")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", containsString("Bearer"));
    World.http()
        .header("Authorization", "Bearer mat_no")
        .get("/oauth2/userinfo")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", containsString("invalid_token"));
    World.http()
        .header("Authorization", "Bearer " + noOpenid.access())
        .get("/oauth2/userinfo")
        .then()
        .statusCode(403)
        .header("WWW-Authenticate", containsString("insufficient_scope"));
  }

  @Test
  @Tag("RFC6750-3")
  void what_cannot_be_read_says_so_in_its_challenge() {
    World.http()
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("access_token=a&access_token=b")
        .post("/oauth2/userinfo")
        .then()
        .statusCode(400)
        .header("WWW-Authenticate", containsString("invalid_request"));
    World.http()
        .header("Authorization", "Basic YTpi")
        .get("/oauth2/userinfo")
        .then()
        .statusCode(400)
        .header("WWW-Authenticate", containsString("invalid_request"));
  }

  @Test
  @Tag("RFC9700-4.3.2")
  void a_token_in_the_address_is_refused() {
    var tokens = world.logIn(world.alice());

    World.http()
        .queryParam("access_token", tokens.access())
        .get("/oauth2/userinfo")
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_request"));
  }

  @Test
  void a_refresh_token_opens_nothing() {
    var tokens = world.logIn(world.alice());

    World.http()
        .header("Authorization", "Bearer " + tokens.refresh())
        .get("/oauth2/userinfo")
        .then()
        .statusCode(401);
  }
}
