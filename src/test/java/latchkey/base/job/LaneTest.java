package latchkey.base.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.world.MovableClock;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The jobs of a peer that is away wait together; those of others do not notice.
class LaneTest {
  private static final Duration SOON = Duration.ofSeconds(15);

  private static DataSource database;

  private final MovableClock clock = new MovableClock();
  private final Outside outside = new Outside();
  private final Errand errand = new Errand("errand", outside);
  private final Errand slow = new Errand("slow", outside);
  private final Errand other = new Errand("other", null);
  private final Jobs jobs = new Jobs(database, clock, new Ids(new Randomness()));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final JobRunner runner =
      new JobRunner(
          database, List.of(errand, slow, other), List.of(), clock, new Randomness(), meters);

  private static final class Trouble extends RuntimeException {}

  private static final class Outside implements Peer {
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean away;

    @Override
    public String name() {
      return "outside";
    }

    @Override
    public boolean isSuspect(Throwable failure) {
      return failure instanceof Trouble;
    }

    @Override
    public boolean answers() {
      questions.incrementAndGet();
      return !away;
    }
  }

  private static final class Errand implements JobHandler {
    private final String kind;
    private final Outside outside;
    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile CountDownLatch begun = new CountDownLatch(1);
    private volatile CountDownLatch mayEnd = new CountDownLatch(0);
    private volatile boolean failsByItself;

    private Errand(String kind, Outside outside) {
      this.kind = kind;
      this.outside = outside;
    }

    @Override
    public String kind() {
      return kind;
    }

    @Override
    public Peer peer() {
      return outside;
    }

    @Override
    public boolean isSlow() {
      return "slow".equals(kind);
    }

    @Override
    public void run(UUID job, List<String> ids) throws InterruptedException {
      tries.incrementAndGet();
      begun.countDown();
      mayEnd.await();
      if (failsByItself || (outside != null && outside.away)) {
        throw new Trouble();
      }
      done.incrementAndGet();
    }
  }

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @BeforeEach
  void an_empty_queue() throws SQLException {
    TestDatabase.execute(database, "delete from latchkey.scheduled_tasks");
    runner.start();
  }

  @AfterEach
  void it_stops() {
    runner.stop();
  }

  @Test
  void slow_jobs_hold_up_no_others_for_the_same_peer() {
    slow.mayEnd = new CountDownLatch(1);
    for (int n = 0; n < 12; n++) {
      jobs.schedule("slow", n);
    }
    jobs.schedule("errand", "x");

    runner.checkNow();

    World.within(Duration.ofSeconds(5), () -> errand.done.get() == 1);
    World.within(Duration.ofSeconds(5), () -> slow.tries.get() == 2);
    assertThat(slow.done.get()).isZero();
    slow.mayEnd.countDown();
    World.within(Duration.ofSeconds(10), () -> slow.done.get() == 12);
  }

  @Test
  void a_peer_that_never_answers_the_question_is_given_a_job_every_quarter_of_an_hour() {
    outside.away = true;
    jobs.schedule("errand", "x");
    runner.checkNow();
    World.within(Duration.ofSeconds(5), runner::isWaitingForAPeer);
    int tries = errand.tries.get();

    clock.advance(Duration.ofMinutes(16));

    World.within(Duration.ofSeconds(5), () -> errand.tries.get() > tries);
    World.within(Duration.ofSeconds(5), runner::isWaitingForAPeer);
    outside.away = false;
  }

  @Test
  @Tag("slow")
  void while_the_peer_is_away_its_jobs_wait_untried_and_all_go_on_when_it_answers() {
    outside.away = true;
    for (int i = 0; i < 200; i++) {
      jobs.schedule("errand", i);
    }
    runner.checkNow();
    World.within(SOON, runner::isWaitingForAPeer);
    jobs.schedule("other", "x");
    runner.checkNow();
    World.within(SOON, () -> other.done.get() == 1);
    int before = errand.tries.get();
    // Those that were fetched already may still be tried, and no others.
    assertThat(before).isLessThanOrEqualTo(60);
    for (int minute = 0; minute < 60; minute++) {
      clock.advance(Duration.ofMinutes(1));
      runner.checkNow();
      World.within(SOON, runner::isWaitingForAPeer);
    }
    // Four times it is given a few all the same, in case it minds the question only.
    assertThat(errand.tries.get()).isLessThanOrEqualTo(300);
    assertThat(outside.questions.get()).isGreaterThanOrEqualTo(50);
    assertThat(queued()).isEqualTo(200);

    outside.away = false;
    runner.checkNow();

    World.within(SOON, () -> queued() == 0);
    assertThat(errand.done.get()).isEqualTo(200);
    assertThat(runner.isWaitingForAPeer()).isFalse();
  }

  @Test
  void it_is_asked_again_by_itself_ever_less_often_up_to_once_a_minute() {
    outside.away = true;
    jobs.schedule("errand", "x");
    runner.checkNow();
    World.within(SOON, runner::isWaitingForAPeer);
    int first = outside.questions.get();

    clock.advance(Duration.ofSeconds(6));
    World.within(SOON, () -> outside.questions.get() == first + 1);
    clock.advance(Duration.ofSeconds(62));
    World.within(SOON, () -> outside.questions.get() == first + 2);
    outside.away = false;
    clock.advance(Duration.ofSeconds(62));

    World.within(SOON, () -> queued() == 0);
  }

  @Test
  void a_job_that_fails_by_itself_holds_nobody_up_and_says_why() throws SQLException {
    var queue = new Queue(database, clock);
    var often = new SimpleMeterRegistry();
    var figures = new QueueFigures(queue, clock, often, Duration.ofMillis(50));
    figures.start(List.of("errand", "slow", "other"));
    World.within(SOON, () -> figure(meters, "depth", "errand") == 0.0);
    World.within(SOON, () -> figure(often, "depth", "errand") == 0.0);
    errand.failsByItself = true;
    jobs.schedule("errand", "x");
    runner.checkNow();
    World.within(SOON, () -> failing() == 1);

    assertThat(runner.isWaitingForAPeer()).isFalse();
    // Why is written right behind that it did.
    World.within(SOON, () -> "Trouble".equals(only(queue).reason()));
    assertThat(only(queue).state()).isEqualTo(Queue.State.FAILING);
    World.within(SOON, () -> figure(often, "failing", "errand") == 1.0);
    figures.stop();
    assertThat(figure(often, "depth", "errand")).isEqualTo(1.0);
    assertThat(figure(often, "depth", "other")).isZero();
    assertThat(meters.find("job.process.duration").tag("job.result", "failed").timer().count())
        .isPositive();
  }

  private static Queue.Entry only(Queue queue) {
    try {
      return queue.list(new Queue.Choice(List.of(), null, null, null), 10).getFirst();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_stop_waits_for_the_job_under_way_and_takes_up_no_other() throws Exception {
    errand.mayEnd = new CountDownLatch(1);
    for (int i = 0; i < 40; i++) {
      jobs.schedule("errand", i);
    }
    runner.checkNow();
    errand.begun.await();
    World.within(SOON, () -> errand.tries.get() == 10);
    var stopping = Thread.ofVirtual().start(runner::stop);
    Thread.sleep(300);

    errand.mayEnd.countDown();
    stopping.join();

    assertThat(errand.done.get()).isEqualTo(10);
    assertThat(queued()).isEqualTo(30);
    assertThat(
            TestDatabase.number(
                database, "select count(*) from latchkey.scheduled_tasks where picked"))
        .isZero();
  }

  /// NaN until it was counted once.
  private static double figure(SimpleMeterRegistry meters, String name, String kind) {
    var gauge = meters.find("latchkey.jobs." + name).tag("queue", kind).gauge();
    return gauge == null ? Double.NaN : gauge.value();
  }

  private static long queued() {
    return TestDatabase.number(database, "select count(*) from latchkey.scheduled_tasks");
  }

  private static long failing() {
    return TestDatabase.number(
        database, "select count(*) from latchkey.scheduled_tasks where consecutive_failures > 0");
  }
}
