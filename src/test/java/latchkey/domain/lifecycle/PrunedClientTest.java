package latchkey.domain.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import latchkey.base.system.Ids;
import latchkey.domain.client.ClientsConfig;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.Test;

/// A client that an admin takes out of the configuration and prunes, as its users meet it.
@QuarkusTest
@WithTestResource(House.class)
class PrunedClientTest {
  @Inject World world;
  @Inject ClientSyncRepository clients;
  @Inject ClientsConfig configured;

  @Test
  void its_tokens_are_plainly_dead_its_devices_go_and_nothing_counts_as_lost() throws SQLException {
    var alice = world.alice();
    var client = aClientOfItsOwn();
    var device = World.device();
    var tokens = world.logIn(alice, client, device);
    assertThat(world.isActive(tokens.access())).isTrue();
    // As if it had stood in an earlier configuration.
    World.sql(
        "update latchkey.clients set is_static = true where id = '%s'"
            .formatted(Ids.parse(client).orElseThrow()));

    long before = lost();
    var changes = clients.sync(configured.clients(), true, false);

    assertThat(changes)
        .filteredOn(change -> change.act() == ClientSyncRepository.Act.DELETED)
        .singleElement()
        .satisfies(
            change -> {
              assertThat(Ids.text(change.client())).isEqualTo(client);
              assertThat(change.endedSessions()).isEqualTo(1);
            });
    awaitInactive(tokens.access());
    world
        .refresh(client, tokens.refresh())
        .then()
        .statusCode(401)
        .body("error", equalTo("invalid_client"));
    assertThat(lost()).as("nothing counts as lost").isEqualTo(before);
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
  }

  /// Not the one that other tests share, with their sessions.
  private String aClientOfItsOwn() {
    var metadata = World.metadata();
    metadata.put("client_name", "Pruned");
    return world.register(metadata).jsonPath().getString("client_id");
  }

  /// The database tells of it within a moment.
  private void awaitInactive(String token) {
    long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (world.isActive(token)) {
      assertThat(System.nanoTime()).as("still active").isLessThan(until);
    }
  }

  private static long lost() {
    return World.count(
        "select count(*) from latchkey.lost_sessions where deleted_at is null and accepted_at is"
            + " null");
  }
}
