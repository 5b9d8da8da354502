package latchkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import latchkey.world.NarrowHouse;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// With one connection to the database, whoever kept it while the homeserver thinks would stop
/// everybody else: Synapse asks us, and we ask Synapse.
@Tag("slow")
@QuarkusTest
@WithTestResource(NarrowHouse.class)
@Timeout(60)
class OneConnectionTest {
  @Inject World world;

  @Test
  void while_the_homeserver_thinks_about_a_login_everything_else_goes_on() throws Exception {
    var alice = world.alice();
    var client = world.aPublicClient();
    var bob = world.alice();
    var bobs = world.logIn(bob);
    var code = world.code(alice, client, World.scope(World.device()));
    // Nobody else calls the homeserver.
    world.runJobs();
    var held = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    world.homeserver().meanwhile(() -> hold(held, go));

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var login = threads.submit(() -> world.exchange(client, code));
      assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();

      walkTheWholePath();
      assertThat(world.isActive(bobs.access())).isTrue();
      assertThat(login.isDone()).isFalse();
      // What is remembered has to be read again, and nobody waits for that with the connection.
      World.sql("select pg_notify('latchkey_changes', '*')");
      Thread.sleep(300);
      go.countDown();
      World.tokens(login.get(5, TimeUnit.SECONDS));
    } finally {
      go.countDown();
    }
  }

  @Test
  void while_the_homeserver_thinks_about_a_legacy_login_everything_else_goes_on() throws Exception {
    var alice = world.alice();
    var bob = world.alice();
    // It is to think about the login, and not about who they are.
    world.runJobs();
    var held = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    world.homeserver().meanwhile(() -> hold(held, go));

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var login = threads.submit(() -> world.legacyLogIn(alice, Map.of()));
      assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();

      walkTheWholePath();
      world.legacyLogIn(bob, Map.of()).then().statusCode(200);
      assertThat(login.isDone()).isFalse();
      go.countDown();
      login.get().then().statusCode(200);
    } finally {
      go.countDown();
    }
  }

  @Test
  void while_the_homeserver_thinks_about_a_job_everything_else_goes_on() throws Exception {
    var alice = world.alice();
    var client = world.aPublicClient();
    var tokens = world.logIn(alice, client, World.device());
    world.runJobs();
    var held = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    world.homeserver().meanwhile(() -> hold(held, go));

    try {
      World.http()
          .formParam("client_id", client)
          .formParam("token", tokens.access())
          .post("/oauth2/revoke")
          .then()
          .statusCode(200);
      assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();

      walkTheWholePath();
      assertThat(world.isActive(tokens.access())).isFalse();
    } finally {
      go.countDown();
    }
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).isEmpty();
  }

  /// Sign-in, consent, exchange, introspection, refresh, revocation, readiness: none may need what
  /// somebody else holds.
  private void walkTheWholePath() {
    var carol = world.alice();
    var client = world.aPublicClient();
    var tokens = world.logIn(carol, client, World.device());
    assertThat(world.isActive(tokens.access())).isTrue();
    var next = World.tokens(world.refresh(client, tokens.refresh()));
    World.http()
        .header("Authorization", "Bearer " + next.access())
        .get("/oauth2/userinfo")
        .then()
        .statusCode(200)
        .body("sub", equalTo(subject(next)));
    World.http()
        .formParam("client_id", client)
        .formParam("token", next.refresh())
        .post("/oauth2/revoke")
        .then()
        .statusCode(200);
    assertThat(world.isActive(next.access())).isFalse();
    World.http().get("/health/ready").then().statusCode(200);
  }

  private String subject(World.Tokens tokens) {
    return world.introspect(tokens.access()).jsonPath().getString("sub");
  }

  private static void hold(CountDownLatch held, CountDownLatch go) {
    held.countDown();
    try {
      go.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
