package latchkey.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.database.StaleIfError;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.world.MovableClock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How long a session has been idle, where replicas come, go and return.
@Tag("slow")
class OutagesTest {
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final Duration SLACK = Duration.ofSeconds(5);

  private static DataSource database;

  private final MovableClock clock = new MovableClock();

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @BeforeEach
  void nobody_was_ever_here() {
    TestDatabase.execute(database, "delete from latchkey.replicas; delete from latchkey.outages");
    clock.hold(NOON);
  }

  @Test
  void what_was_before_the_first_note_is_not_known() throws SQLException {
    var replica = replica();

    replica.flushed(clock.instant());
    assertThat(replica.idleSince(NOON.minus(Duration.ofDays(30)))).isZero();
    run(Duration.ofMinutes(10), replica);
    assertThat(replica.idleSince(NOON.minus(Duration.ofDays(30))))
        .isEqualTo(Duration.ofMinutes(10).minus(SLACK));
  }

  @Test
  void time_counts_up_to_what_is_written_down() throws SQLException {
    var replica = replica();
    run(Duration.ofHours(1), replica);

    assertThat(replica.idleSince(NOON.plus(Duration.ofMinutes(20))))
        .isEqualTo(Duration.ofMinutes(40).minus(SLACK));
    assertThat(replica.idleSince(clock.instant())).isZero();
  }

  @Test
  void an_outage_does_not_count_however_many_replicas_return_from_it() throws SQLException {
    var one = replica();
    var two = replica();
    run(Duration.ofMinutes(10), one, two);

    forward(Duration.ofHours(5));
    one.flushed(clock.instant());
    two.flushed(clock.instant());
    run(Duration.ofMinutes(10), one, two);
    forward(Duration.ofHours(7));
    run(Duration.ofMinutes(2), one, two);

    // What was written down: ten minutes, ten more, and nothing yet of the other's last two.
    assertThat(one.idleSince(NOON)).isEqualTo(Duration.ofMinutes(20).minus(SLACK.multipliedBy(2)));
  }

  @Test
  void outages_that_overlap_count_once() throws SQLException {
    var replica = replica();
    run(Duration.ofHours(2), replica);
    for (var span :
        new String[] {
          "12:10+00', '2026-11-26 12:40",
          "12:20+00', '2026-11-26 12:30",
          "12:30+00', '2026-11-26 12:50"
        }) {
      TestDatabase.execute(
          database,
          "insert into latchkey.outages values (gen_random_uuid(), '2026-11-26 %s+00')"
              .formatted(span));
    }
    replica.flushed(clock.instant());

    assertThat(replica.idleSince(NOON)).isEqualTo(Duration.ofMinutes(80).minus(SLACK));
    assertThat(replica.idleSince(NOON.plus(Duration.ofMinutes(45))))
        .isEqualTo(Duration.ofMinutes(70).minus(SLACK));
  }

  @Test
  void a_replica_that_is_silent_is_waited_for_until_it_cannot_have_seen_anything()
      throws SQLException {
    var one = replica();
    var two = replica();
    run(Duration.ofMinutes(10), one, two);

    run(Duration.ofMinutes(12), one);
    assertThat(one.idleSince(NOON)).isEqualTo(Duration.ofMinutes(10).minus(SLACK));
    run(Duration.ofMinutes(2), one);
    assertThat(one.idleSince(NOON)).isEqualTo(Duration.ofMinutes(24).minus(SLACK));
  }

  @Test
  void nobody_waits_for_a_replica_that_was_stopped() throws SQLException {
    var one = replica();
    var two = replica();
    run(Duration.ofMinutes(10), one, two);

    two.stopped();
    run(Duration.ofMinutes(6), one);

    assertThat(one.idleSince(NOON)).isEqualTo(Duration.ofMinutes(16).minus(SLACK));
  }

  @Test
  void whoever_has_not_heard_from_the_database_lately_knows_nothing() throws SQLException {
    var replica = replica();
    assertThat(replica.idleSince(NOON.minus(Duration.ofDays(1)))).isZero();
    run(Duration.ofHours(1), replica);
    assertThat(replica.idleSince(NOON)).isPositive();

    forward(Duration.ofMinutes(3));

    assertThat(replica.idleSince(NOON)).isZero();
  }

  @Test
  void the_last_replica_is_remembered_to_know_of_the_outage_after_it() throws SQLException {
    var replicas = new ReplicaRepository(database);
    run(Duration.ofMinutes(2), replica());
    run(Duration.ofMinutes(2), replica());

    replicas.forget(clock.instant().plus(Duration.ofDays(30)));
    assertThat(TestDatabase.number(database, "select count(*) from latchkey.replicas"))
        .isEqualTo(1);
    forward(Duration.ofDays(40));
    var next = replica();
    next.flushed(clock.instant());
    run(Duration.ofMinutes(4), next);

    // What is in between: two minutes and two with somebody there, forty days with nobody, and
    // four.
    assertThat(next.idleSince(NOON)).isBetween(Duration.ofMinutes(6), Duration.ofMinutes(8));
    assertThat(next.idleSince(NOON.minus(Duration.ofDays(1))))
        .as("all before the first note was an outage too")
        .isEqualTo(next.idleSince(NOON));
  }

  @Test
  void an_outage_is_forgotten_when_nobody_may_have_been_idle_for_so_long() throws SQLException {
    var replica = replica();
    run(Duration.ofMinutes(10), replica);
    forward(Duration.ofDays(200));
    run(Duration.ofMinutes(10), replica);
    replica.forget(Duration.ofDays(1));
    assertThat(outages()).as("in 200 days nobody was idle for a day").isEqualTo(2);

    forward(Duration.ofDays(91));
    somebodyWasHere();
    replica.flushed(clock.instant());
    replica.forget(Duration.ofDays(100));
    assertThat(outages()).isEqualTo(2);
    replica.forget(Duration.ofDays(1));

    assertThat(outages()).isZero();
    assertThat(replica.idleSince(NOON)).isGreaterThan(Duration.ofDays(90));
  }

  /// As if it had been noted every minute.
  private void somebodyWasHere() {
    TestDatabase.execute(
        database, "update latchkey.replicas set flushed_at = '%s'".formatted(clock.instant()));
  }

  private static long outages() {
    return TestDatabase.number(database, "select count(*) from latchkey.outages");
  }

  private Outages replica() {
    return new Outages(
        new ReplicaRepository(database),
        new StaleIfError(Duration.ofMinutes(10)),
        clock,
        new Ids(new Randomness()) {
          @Override
          public UUID next(Instant at) {
            return UUID.randomUUID();
          }
        });
  }

  private void forward(Duration by) {
    clock.hold(clock.instant().plus(by));
  }

  /// Lets time pass in which these replicas write down what they see, every two minutes.
  private void run(Duration time, Outages... replicas) throws SQLException {
    for (var replica : replicas) {
      replica.flushed(clock.instant());
    }
    var until = clock.instant().plus(time);
    while (clock.instant().isBefore(until)) {
      forward(Duration.ofMinutes(2));
      for (var replica : replicas) {
        replica.flushed(clock.instant());
      }
    }
  }
}
