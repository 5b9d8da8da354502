package latchkey.base.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.world.Cable;
import latchkey.world.MovableClock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class JobRunnerTest {
  private static final String KIND = "errand";
  private static final Duration SLACK = Duration.ofSeconds(2);

  private static DataSource database;

  private final MovableClock clock = new MovableClock();
  private final Errand errand = new Errand();
  private final Chore chore = new Chore();
  private final Jobs jobs = new Jobs(database, clock, new Ids(new Randomness()));
  private final JobRunner runner =
      new JobRunner(
          database,
          List.of(errand),
          List.of(chore),
          clock,
          new Randomness(),
          new SimpleMeterRegistry());
  private final RecurringJobs recurring = new RecurringJobs(database, List.of(chore));
  private ManualScheduler scheduler;

  /// Remembers what it was asked, and fails as often as it is told to.
  private static final class Errand implements JobHandler {
    private final List<List<String>> runs = new ArrayList<>();
    private final CountDownLatch ran = new CountDownLatch(1);
    private Duration longestPause = JobHandler.super.longestPause();
    private int failures;

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public Duration longestPause() {
      return longestPause;
    }

    @Override
    public void run(UUID job, List<String> ids) {
      runs.add(ids);
      ran.countDown();
      if (failures-- > 0) {
        throw new IllegalStateException("not yet");
      }
    }
  }

  /// Has as many steps to do as it is told.
  private static final class Chore implements RecurringJob {
    private int left;
    private int failures;
    private int steps;

    @Override
    public String kind() {
      return "chore";
    }

    @Override
    public Duration pause() {
      return HOURLY;
    }

    @Override
    public boolean step() {
      steps++;
      if (failures-- > 0) {
        throw new IllegalStateException("not yet");
      }
      return --left > 0;
    }
  }

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @BeforeEach
  void an_empty_queue() {
    TestDatabase.execute(database, "delete from latchkey.scheduled_tasks");
    var builder =
        TestHelper.createManualScheduler(database, runner.tasks())
            .clock(new SettableClock())
            .tableName(JobRunner.TABLE);
    JobRunner.settings(builder);
    scheduler = builder.build();
  }

  @Test
  void a_job_runs_once_with_its_ids_and_leaves_no_row() {
    var user = UUID.fromString("0183f985-a69e-702f-e998-15fd85e7a405");
    jobs.schedule(KIND, user, "DEVICE");

    runDueJobs();
    runDueJobs();

    assertThat(errand.runs).containsExactly(List.of(user.toString(), "DEVICE"));
    assertThat(queued()).isZero();
  }

  @Test
  void a_job_whose_id_is_in_the_databases_spelling_runs_and_can_be_chosen() throws SQLException {
    var id = new Ids(new Randomness()).next(clock.instant());
    TestDatabase.execute(
        database,
        """
        insert into latchkey.scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version)
        values ('%s', '%s', 'x', now(), false, 1)
        """
            .formatted(KIND, id));
    var queue = new Queue(database, clock);
    var chosen = queue.list(new Queue.Choice(List.of(id), null, null, null), 10);
    assertThat(chosen).extracting(Queue.Entry::id).containsExactly(id);
    assertThat(queue.depths().getFirst().oldest()).isEqualTo(Ids.time(id));

    runDueJobs();

    assertThat(errand.runs).containsExactly(List.of("x"));
    assertThat(queued()).isZero();
  }

  @Test
  void only_what_was_found_is_dropped() throws SQLException {
    var queue = new Queue(database, clock);
    jobs.schedule(KIND, "x");
    var found = queue.find(new Queue.Choice(List.of(), KIND, null, null));
    jobs.schedule(KIND, "y");

    assertThat(queue.drop(found)).isEqualTo(1);

    assertThat(queue.count(found)).isZero();
    assertThat(queued()).isEqualTo(1);
  }

  @Test
  void what_others_say_of_a_failure_is_cut_and_stays_in_its_line() {
    assertThat(JobRunner.words(new IllegalStateException("a\nb\u001b[31m" + "x".repeat(600))))
        .startsWith("a\uFFFDb\uFFFD[31mx")
        .hasSize(500);
  }

  @Test
  void jobs_of_an_unknown_kind_stay_even_if_made_due_at_the_epoch() {
    jobs.schedule("of-a-newer-release", "x");
    TestDatabase.execute(database, "update latchkey.scheduled_tasks set execution_time = 'epoch'");

    runDueJobs();
    clock.advance(Duration.ofDays(60));
    runDueJobs();
    scheduler.runDeadExecutionDetection();

    assertThat(queued()).isEqualTo(1);
  }

  @Test
  void a_recurring_job_does_all_its_steps_and_comes_again_after_its_pause() throws SQLException {
    recurring.schedule(clock.instant());
    chore.left = 3;

    runDueJobs();
    runDueJobs();
    assertThat(chore.steps).isEqualTo(3);
    clock.advance(Duration.ofMinutes(59));
    runDueJobs();
    assertThat(chore.steps).isEqualTo(3);

    clock.advance(Duration.ofMinutes(2));
    runDueJobs();
    assertThat(chore.steps).isEqualTo(4);
    assertThat(queued()).isEqualTo(1);
  }

  @Test
  void a_recurring_job_that_fails_comes_again_too() throws SQLException {
    recurring.schedule(clock.instant());
    chore.failures = 1;

    runDueJobs();
    clock.advance(Duration.ofMinutes(61));
    runDueJobs();

    assertThat(chore.steps).isEqualTo(2);
  }

  @Test
  void a_second_replica_starts_no_second_round() throws SQLException {
    recurring.schedule(clock.instant());
    recurring.schedule(clock.instant());

    assertThat(queued()).isEqualTo(1);
  }

  @Test
  void a_job_of_a_transaction_rolled_back_never_runs() throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      jobs.schedule(connection, KIND, "x");
      connection.rollback();
    }

    runDueJobs();

    assertThat(errand.runs).isEmpty();
  }

  @Test
  void a_job_that_fails_comes_again_after_pauses_that_double_up_to_a_quarter_of_an_hour() {
    errand.failures = 12;
    jobs.schedule(KIND, "x");

    for (int n = 0; n < 12; n++) {
      var before = clock.instant();
      runDueJobs();
      var pause = Duration.between(before, executionTime());
      var expected = Duration.ofSeconds(Math.min(5L << n, 900));

      assertThat(errand.runs).hasSize(n + 1);
      assertThat(pause).isBetween(expected, expected.multipliedBy(5).dividedBy(4).plus(SLACK));
      clock.advance(pause.minus(SLACK));
      runDueJobs();
      assertThat(errand.runs).hasSize(n + 1);
      clock.advance(SLACK);
    }
    runDueJobs();

    assertThat(errand.runs).hasSize(13);
    assertThat(queued()).isZero();
  }

  @Test
  void a_handler_may_want_longer_pauses() {
    errand.longestPause = Duration.ofHours(2);
    errand.failures = 13;
    jobs.schedule(KIND, "x");

    Duration pause = Duration.ZERO;
    for (int n = 0; n < 13; n++) {
      var before = clock.instant();
      runDueJobs();
      pause = Duration.between(before, executionTime());
      clock.advance(pause);
    }

    assertThat(pause).isBetween(Duration.ofMinutes(120), Duration.ofMinutes(151));
  }

  @Test
  void a_job_of_a_replica_that_died_is_run_by_another() {
    jobs.schedule(KIND, "x");
    TestDatabase.execute(
        database,
        """
        update latchkey.scheduled_tasks set picked = true, picked_by = 'the dead',
               last_heartbeat = last_heartbeat - interval '1 day', execution_time = now() - interval '1 day'
        """);
    TestDatabase.execute(
        database, "update latchkey.scheduled_tasks set last_heartbeat = now() - interval '1 day'");
    runDueJobs();
    assertThat(errand.runs).isEmpty();

    scheduler.setTime(clock.instant());
    scheduler.runDeadExecutionDetection();
    runDueJobs();

    assertThat(errand.runs).hasSize(1);
    assertThat(queued()).isZero();
  }

  @Test
  void twins_that_waited_are_dropped_and_those_that_came_later_or_started_stay()
      throws SQLException {
    jobs.schedule(KIND, "alice", "waited");
    jobs.schedule(KIND, "alice", "waited");
    jobs.schedule(KIND, "alice", "started");
    jobs.schedule(KIND, "bob", "waited");
    var waited = jobs.waitingTwins(KIND, "alice", "waited");
    var started = jobs.waitingTwins(KIND, "alice", "started");
    jobs.schedule(KIND, "alice", "waited");
    TestDatabase.execute(
        database,
        "update latchkey.scheduled_tasks set picked = true where task_data = 'alice\n"
            + "started'::bytea");

    jobs.drop(waited);
    jobs.drop(started);

    assertThat(waited.instances()).hasSize(2);
    assertThat(jobs.waitingTwins(KIND, "alice", "waited").instances())
        .hasSize(1)
        .doesNotContainAnyElementsOf(waited.instances());
    assertThat(queued()).isEqualTo(3);
  }

  @Test
  void the_running_queue_survives_its_database() throws Exception {
    var real = (PGSimpleDataSource) database.unwrap(PGSimpleDataSource.class);
    try (var cable = new Cable(real.getPortNumbers()[0])) {
      var beyond = behind(cable, real);
      var apart =
          new JobRunner(
              beyond,
              List.of(errand),
              List.of(),
              clock,
              new Randomness(),
              new SimpleMeterRegistry());
      cable.cut();
      apart.start();
      apart.checkNow();
      jobs.schedule(KIND, "x");

      cable.mend();
      apart.checkNow();

      assertThat(errand.ran.await(10, TimeUnit.SECONDS)).isTrue();
      apart.stop();
      assertThat(queued()).isZero();
    }
  }

  private static DataSource behind(Cable cable, PGSimpleDataSource real) {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {cable.port()});
    source.setDatabaseName(real.getDatabaseName());
    source.setUser(real.getUser());
    source.setPassword(real.getPassword());
    return source;
  }

  private void runDueJobs() {
    scheduler.setTime(clock.instant());
    scheduler.runAnyDueExecutions();
  }

  private static long queued() {
    return TestDatabase.number(database, "select count(*) from latchkey.scheduled_tasks");
  }

  private static Instant executionTime() {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("select execution_time from latchkey.scheduled_tasks")) {
      row.next();
      return row.getObject(1, Timestamp.class).toInstant();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
