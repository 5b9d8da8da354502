package latchkey.domain.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import latchkey.TestDatabase;
import latchkey.base.system.Ids;
import latchkey.world.House;
import latchkey.world.MovableClock;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The link of somebody who signs in: found, and written only if there is something new.
@QuarkusTest
@WithTestResource(House.class)
class UpstreamLinkRepositoryTest {
  @Inject UpstreamLinkRepository links;
  @Inject Ids ids;
  @Inject MovableClock clock;
  @Inject World world;

  private final UUID provider = UUID.fromString("01990000-0000-0000-0000-0000000000ab");
  private final String subject = UUID.randomUUID().toString();

  @BeforeEach
  void a_provider() {
    world.awaitReady();
    TestDatabase.execute(
        House.database(),
        """
        insert into latchkey.upstream_providers (id, client_id, created_at) values ('%s', 'us', now())
        on conflict do nothing
        """
            .formatted(provider));
  }

  @Test
  void a_sign_in_that_brings_nothing_new_writes_nothing() {
    var link = in(() -> found("Alice"));
    var written = written(link);

    assertThat(in(() -> found("Alice"))).isEqualTo(link);
    assertThat(in(() -> found(null))).as("no name keeps the one before").isEqualTo(link);
    assertThat(written(link)).isEqualTo(written);
    assertThat(in(() -> found("Alice at work")).accountName()).isEqualTo("Alice at work");
    assertThat(written(link)).isNotEqualTo(written);
  }

  @Test
  void of_two_that_see_a_subject_first_the_later_finds_what_the_earlier_made() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var later = new AtomicReference<Future<UpstreamLinkView>>();

      var earlier =
          in(
              () -> {
                var made = found("Alice");
                later.set(executor.submit(() -> in(() -> found("Alice"))));
                World.within(Duration.ofSeconds(10), UpstreamLinkRepositoryTest::isSomebodyWaiting);
                return made;
              });

      assertThat(later.get().get()).isEqualTo(earlier);
    }
  }

  private UpstreamLinkView found(String accountName) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return links.findOrCreate(ids.next(now), provider, subject, accountName, now);
  }

  /// By which transaction.
  private static long written(UpstreamLinkView link) {
    return TestDatabase.number(
        House.database(),
        "select cast(cast(xmin as text) as bigint) from latchkey.upstream_links where id = '%s'"
            .formatted(link.id()));
  }

  private static boolean isSomebodyWaiting() {
    return TestDatabase.number(
            House.database(),
            """
            select count(*) from pg_stat_activity
             where wait_event_type = 'Lock' and query like '%insert into latchkey.upstream_links%'
            """)
        == 1;
  }

  private static <T> T in(Callable<T> work) {
    return QuarkusTransaction.requiringNew().call(work);
  }
}
