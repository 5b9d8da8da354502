package latchkey.base.database;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import latchkey.world.PrefixedHouse;
import latchkey.world.TlsPostgres;
import latchkey.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The application itself, against a server behind a Unix socket.
@QuarkusTest
@WithTestResource(PrefixedHouse.class)
@Timeout(60)
class SocketPoolTest {
  private static final String OURS =
      "select count(*) from pg_stat_activity where usename = '" + TlsPostgres.CERTIFIED + "'";

  @Inject World world;

  @Test
  void the_pool_and_the_watchman_come_by_the_socket() {
    world.isActive(world.logIn(world.alice()).access());

    assertThat(count(OURS)).isGreaterThanOrEqualTo(2);
    assertThat(count(OURS + " and client_port <> -1")).isZero();
  }
}
