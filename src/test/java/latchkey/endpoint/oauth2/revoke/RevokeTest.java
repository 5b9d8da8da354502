package latchkey.endpoint.oauth2.revoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
@Tag("RFC7009-2")
class RevokeTest {
  @Inject World world;

  @Test
  void either_token_ends_both_and_removes_the_device() {
    var alice = world.alice();
    var client = world.aPublicClient();
    var device = World.device();
    var tokens = world.logIn(alice, client, device);

    var answer = revoke(tokens.access(), client);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.asString()).isEqualTo("{}");
    assertThat(world.isActive(tokens.access())).isFalse();
    world.refresh(client, tokens.refresh()).then().statusCode(400);
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
  }

  @Test
  void both_tokens_at_the_same_moment_are_both_a_success() throws Exception {
    var client = world.aPublicClient();
    for (int i = 0; i < 20; i++) {
      var tokens = world.logIn(world.alice(), client, World.device());
      List<Callable<Integer>> both =
          List.of(
              () -> revoke(tokens.access(), client).statusCode(),
              () -> revoke(tokens.refresh(), client).statusCode());

      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var status : threads.invokeAll(both)) {
          assertThat(status.get()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void an_expired_access_token_still_ends_its_session() {
    var client = world.aPublicClient();
    var tokens = world.logIn(world.alice(), client, World.device());
    world.clock().advance(Duration.ofHours(1));

    assertThat(revoke(tokens.access(), client).statusCode()).isEqualTo(200);

    world.refresh(client, tokens.refresh()).then().statusCode(400);
  }

  @Test
  @Tag("MSC4254")
  void whoever_holds_a_token_may_give_it_up() {
    var tokens = world.logIn(world.alice());

    assertThat(
            World.http().formParam("token", tokens.refresh()).post("/oauth2/revoke").statusCode())
        .isEqualTo(200);

    assertThat(world.isActive(tokens.access())).isFalse();
  }

  @Test
  void an_unknown_token_is_a_success_and_a_missing_one_is_not() {
    world.awaitReady();

    World.http().formParam("token", "nothing").post("/oauth2/revoke").then().statusCode(200);
    World.http()
        .formParam("client_id", "x")
        .post("/oauth2/revoke")
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_request"));
  }

  private static Response revoke(String token, String client) {
    return World.http()
        .formParam("token", token)
        .formParam("token_type_hint", "something_else")
        .formParam("client_id", client)
        .post("/oauth2/revoke");
  }
}
