package latchkey.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.homeserver.HomeserverProblem;
import latchkey.domain.homeserver.HomeserverProblem.Kind;
import latchkey.world.MovableClock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserLeaseTest {
  private static final Duration PATIENT = Duration.ofSeconds(20);

  private static DataSource database;
  private static UUID alice;
  private static UUID bob;

  private final MovableClock clock = new MovableClock();
  private final UserLeaseRepository repository = new UserLeaseRepository(database);
  private final UserLease leases = new UserLease(repository, clock, new Ids(new Randomness()));

  @BeforeAll
  static void alice_and_bob() throws SQLException {
    database = TestDatabase.fresh();
    var clock = new MovableClock();
    var accounts = new UserAccountRepository(database, clock, new Ids(new Randomness()));
    alice = accounts.register(named("alice"));
    bob = accounts.register(named("bob"));
  }

  @BeforeEach
  void nobody_holds_a_lease() {
    TestDatabase.execute(database, "delete from latchkey.user_leases");
  }

  @Test
  void a_lease_is_one_users_alone_and_let_go_afterwards() throws Exception {
    leases.holding(
        alice,
        Duration.ZERO,
        () -> {
          assertThatThrownBy(() -> leases.holding(alice, Duration.ZERO, () -> {}))
              .isInstanceOf(UserLease.Busy.class);
          leases.holding(bob, Duration.ZERO, () -> {});
        });

    leases.holding(alice, Duration.ZERO, () -> {});
  }

  @Test
  void a_lease_is_let_go_when_the_work_fails() throws Exception {
    assertThatThrownBy(
            () ->
                leases.holding(
                    alice,
                    Duration.ZERO,
                    () -> {
                      throw new IllegalStateException("the homeserver is away");
                    }))
        .hasMessage("the homeserver is away");

    leases.holding(alice, Duration.ZERO, () -> {});
  }

  @Test
  void a_lease_outlasts_a_call_we_stopped_waiting_for() throws Exception {
    assertThatThrownBy(
            () -> leases.holdingUntilSettled(alice, Duration.ZERO, () -> fail(Kind.TIMEOUT)))
        .isInstanceOf(HomeserverProblem.class);
    assertIsHeld(alice);

    assertThatThrownBy(
            () ->
                leases.holdingUntilSettled(
                    bob,
                    Duration.ZERO,
                    () -> {
                      Thread.currentThread().interrupt();
                      fail(Kind.UNREACHABLE);
                    }))
        .isInstanceOf(HomeserverProblem.class);
    assertThat(Thread.interrupted()).isTrue();
    assertIsHeld(bob);

    clock.advance(UserLease.LENGTH.plusSeconds(1));
    leases.holding(alice, Duration.ZERO, () -> {});
    leases.holding(bob, Duration.ZERO, () -> {});
  }

  @Test
  void a_login_that_was_given_up_holds_nobody_up() throws Exception {
    assertThatThrownBy(() -> leases.holding(alice, Duration.ZERO, () -> fail(Kind.TIMEOUT)))
        .isInstanceOf(HomeserverProblem.class);
    leases.holding(alice, Duration.ZERO, () -> {});
  }

  @Test
  void a_homeserver_that_has_answered_or_was_never_there_holds_nobody_up() throws Exception {
    for (var kind : List.of(Kind.UNREACHABLE, Kind.SERVER_ERROR, Kind.REFUSED)) {
      assertThatThrownBy(() -> leases.holdingUntilSettled(alice, Duration.ZERO, () -> fail(kind)))
          .isInstanceOf(HomeserverProblem.class);
      leases.holding(alice, Duration.ZERO, () -> {});
    }
  }

  @Test
  void a_lease_whose_holder_died_is_free_after_its_deadline_and_not_before() throws Exception {
    var now = clock.instant();
    repository.take(
        alice,
        UUID.fromString("0183f985-a69e-702f-e998-15fd85e7a405"),
        now,
        now.plus(UserLease.LENGTH));

    clock.advance(UserLease.LENGTH.minusSeconds(5));
    assertThatThrownBy(() -> leases.holding(alice, Duration.ZERO, () -> {}))
        .isInstanceOf(UserLease.Busy.class);

    clock.advance(Duration.ofSeconds(6));
    leases.holding(alice, Duration.ZERO, () -> {});
  }

  @Test
  void a_late_holder_does_not_let_go_of_its_successors_lease() throws Exception {
    var now = clock.instant();
    var late = UUID.fromString("0183f985-a69e-702f-e998-15fd85e7a405");
    repository.take(alice, late, now, now);

    leases.holding(
        alice,
        Duration.ZERO,
        () -> {
          repository.release(alice, late);
          assertThatThrownBy(() -> leases.holding(alice, Duration.ZERO, () -> {}))
              .isInstanceOf(UserLease.Busy.class);
        });
  }

  @Test
  void of_many_who_wait_one_at_a_time_gets_in() throws Exception {
    var inside = new AtomicInteger();
    var crowd = Collections.synchronizedList(new ArrayList<Integer>());
    var waiting = new ArrayList<Future<?>>();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        waiting.add(
            threads.submit(
                () -> {
                  leases.holding(
                      alice,
                      PATIENT,
                      () -> {
                        crowd.add(inside.incrementAndGet());
                        Thread.yield();
                        inside.decrementAndGet();
                      });
                  return null;
                }));
      }
    }

    for (var each : waiting) {
      each.get();
    }
    assertThat(crowd).hasSize(8).containsOnly(1);
  }

  private static void fail(Kind kind) {
    throw HomeserverProblem.of(kind, "not this one");
  }

  private void assertIsHeld(UUID user) {
    assertThatThrownBy(() -> leases.holding(user, Duration.ZERO, () -> {}))
        .isInstanceOf(UserLease.Busy.class);
  }

  private static UserAccountRepository.NewUser named(String name) {
    return new UserAccountRepository.NewUser(name, null, List.of(), false, null);
  }
}
