package latchkey.endpoint.wellknown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import latchkey.base.web.Group;
import latchkey.base.web.Routes;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
class DiscoveryTest {
  private static final String ISSUER_RELATION = "http://openid.net/specs/connect/1.0/issuer";

  @Inject World world;

  @BeforeEach
  void the_house_is_ready() {
    world.awaitReady();
  }

  @Test
  void what_matrix_clients_and_synapse_need_is_there() {
    for (var path :
        List.of(
            "/.well-known/openid-configuration",
            "/_matrix/client/v1/auth_metadata",
            "/_matrix/client/unstable/org.matrix.msc2965/auth_metadata")) {
      World.http()
          .get(path)
          .then()
          .statusCode(200)
          .contentType("application/json")
          .body("issuer", equalTo(House.url() + "/"))
          .body("response_types_supported", hasItems("code"))
          .body("grant_types_supported", hasItems("authorization_code", "refresh_token"))
          .body("response_modes_supported", hasItems("query", "fragment"))
          .body("code_challenge_methods_supported", equalTo(List.of("S256")))
          .body("account_management_uri", equalTo(House.url() + "/account/"));
    }
  }

  @Test
  void every_account_action_that_is_named_leads_somewhere_of_its_own() {
    var document = World.http().get("/.well-known/openid-configuration").jsonPath();
    var actions = document.<String>getList("account_management_actions_supported");
    var device = World.device();
    var alice = world.alice();
    world.logIn(alice, world.aPublicClient(), device);
    var browser = new Browser();
    world.signIn(browser, alice, "/login");

    assertThat(actions).contains("org.matrix.devices_list", "org.matrix.session_end");
    for (var action : actions) {
      var page = browser.get("/account/?action=" + action + "&device_id=" + device);
      if (action.equals("org.matrix.profile")) {
        assertThat(page.status()).isEqualTo(200);
      } else {
        assertThat(page.status()).as(action).isEqualTo(303);
        assertThat(browser.get(page.location()).status()).as(action).isEqualTo(200);
      }
    }
  }

  @Test
  void every_endpoint_that_is_named_is_served() {
    Map<String, Object> document =
        World.http().get("/.well-known/openid-configuration").jsonPath().getMap("$");

    document.forEach(
        (name, value) -> {
          if (name.endsWith("_endpoint") || name.endsWith("_uri")) {
            var path = String.valueOf(value).substring(House.url().length());
            assertThat(Routes.find(path)).as(name).isPresent();
          }
        });
  }

  @Test
  void every_response_mode_grant_type_and_method_that_is_named_is_taken() {
    var document = World.http().get("/.well-known/openid-configuration").jsonPath();
    var client = world.aPublicClient();

    for (var mode : document.<String>getList("response_modes_supported")) {
      var answer = new Browser().get(World.authorize(client, Map.of("response_mode", mode)));
      assertThat(answer.status()).as(mode).isEqualTo(303);
      assertThat(answer.location()).contains("/login");
    }
    for (var grantType : document.<String>getList("grant_types_supported")) {
      World.http()
          .formParams(Map.of("grant_type", grantType, "client_id", client))
          .post("/oauth2/token")
          .then()
          .statusCode(400)
          .body("error", equalTo("invalid_request"));
    }
    for (var method : document.<String>getList("token_endpoint_auth_methods_supported")) {
      if (method.endsWith("_jwt")) {
        continue; // for clients of the configuration: ClientAssertionTest
      }
      var metadata = World.metadata();
      metadata.put("token_endpoint_auth_method", method);
      world.register(metadata).then().statusCode(201);
    }
  }

  @Test
  void keys_are_public_and_say_what_they_are_for() {
    var keys = World.http().get("/oauth2/keys.json").jsonPath();

    assertThat(keys.<Map<String, Object>>getList("keys"))
        .isNotEmpty()
        .allSatisfy(
            key ->
                assertThat(key)
                    .containsEntry("use", "sig")
                    .containsKeys("kid", "kty")
                    .doesNotContainKeys("d", "p", "q", "dp", "dq", "qi", "alg"));
  }

  @Test
  void webfinger_names_the_issuer_to_who_asks_for_it() {
    World.http()
        .get("/.well-known/webfinger?resource=acct:a@b&rel=" + ISSUER_RELATION)
        .then()
        .statusCode(200)
        .contentType("application/jrd+json")
        .body("subject", equalTo("acct:a@b"))
        .body("links[0].href", equalTo(House.url() + "/"));
    World.http()
        .get("/.well-known/webfinger?resource=acct:a@b")
        .then()
        .statusCode(200)
        .body("links", hasSize(0));
    World.http().get("/.well-known/webfinger").then().statusCode(400);
  }

  @Test
  void scripts_of_other_sites_may_use_what_clients_use_and_nothing_people_use() {
    for (var route : Routes.all()) {
      var path = route.isPrefix() ? "x" : "";
      var preflight =
          World.http()
              .header("Origin", "https://app.example.org")
              .header("Access-Control-Request-Method", "POST")
              .options(route.path() + path);
      boolean open =
          route.group() == Group.DISCOVERY
              || route.group() == Group.OAUTH
              || route.group() == Group.COMPAT;
      if (route.group() == Group.CONNECTION_INFO) {
        continue; // not mounted here
      }

      assertThat(preflight.getHeader("Access-Control-Allow-Origin"))
          .as(route.path())
          .isEqualTo(open ? "*" : null);
      assertThat(preflight.getHeader("Access-Control-Allow-Credentials")).isNull();
      if (open) {
        boolean matrix = route.group() == Group.COMPAT;
        assertThat(preflight.statusCode()).isEqualTo(matrix ? 200 : 204);
        assertThat(preflight.getHeader("Access-Control-Max-Age")).isEqualTo("3600");
        assertThat(preflight.getHeader("Access-Control-Allow-Headers"))
            .contains("authorization", "content-type")
            .satisfies(
                headers ->
                    assertThat(headers.contains("x-requested-with"))
                        .isEqualTo(route.group() != Group.DISCOVERY))
            .satisfies(
                headers ->
                    assertThat(headers.contains("traceparent, tracestate")).isEqualTo(matrix));
      }
    }
  }
}
