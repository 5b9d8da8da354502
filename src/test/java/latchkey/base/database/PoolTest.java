package latchkey.base.database;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import latchkey.world.NarrowHouse;
import latchkey.world.TlsPostgres;
import latchkey.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The application itself, against a server that lets it in by verified TLS, with its certificate
/// and its password only. That it started shows that migrations came that way too.
@QuarkusTest
@WithTestResource(NarrowHouse.class)
@Timeout(60)
class PoolTest {
  private static final String OURS =
      "select count(*) from pg_stat_activity a join pg_stat_ssl using (pid) where a.usename = '"
          + TlsPostgres.GUARDED
          + "'";

  @Inject World world;

  @Test
  void the_pool_and_the_watchman_come_by_tls_with_their_certificate() {
    world.alice();

    assertThat(count(OURS)).isGreaterThanOrEqualTo(2);
    assertThat(count(OURS + " and (not ssl or client_dn <> '/CN=guarded')")).isZero();
    // The watchman and the listener have names of their own.
    assertThat(count(OURS + " and application_name = 'matrix-authentication-service'"))
        .isPositive();
  }
}
