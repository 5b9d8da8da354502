package latchkey.base.job;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(House.class)
class JobsInTransactionTest {
  private static final String QUEUED =
      "select count(*) from latchkey.scheduled_tasks where task_name = 'nobodys'";

  @Inject World world;
  @Inject Jobs jobs;
  @Inject Wakes wakes;

  /// Hears what the runner hears.
  @Singleton
  static class Wakes {
    private final List<Long> queuedWhenHeard = new CopyOnWriteArrayList<>();

    void hear(@Observes(during = TransactionPhase.AFTER_SUCCESS) Jobs.Scheduled event) {
      queuedWhenHeard.add(count(QUEUED));
    }
  }

  @BeforeEach
  void the_house_is_ready() {
    world.awaitReady();
    wakes.queuedWhenHeard.clear();
  }

  @AfterEach
  void nothing_is_left() {
    World.sql("delete from latchkey.scheduled_tasks where task_name = 'nobodys'");
  }

  @Test
  void a_job_is_there_when_its_transaction_is_committed_and_not_before() {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              jobs.schedule("nobodys", "x");
              assertThat(count(QUEUED)).isZero();
            });

    assertThat(count(QUEUED)).isEqualTo(1);
    assertThat(wakes.queuedWhenHeard).containsExactly(1L);
  }

  @Test
  void a_job_goes_with_its_transaction() {
    assertThatThrownBy(
            () ->
                QuarkusTransaction.requiringNew()
                    .run(
                        () -> {
                          jobs.schedule("nobodys", "x");
                          throw new IllegalStateException("changed my mind");
                        }))
        .hasMessage("changed my mind");

    assertThat(count(QUEUED)).isZero();
    assertThat(wakes.queuedWhenHeard).isEmpty();
  }
}
