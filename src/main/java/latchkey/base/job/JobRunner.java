package latchkey.base.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.quarkus.arc.All;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import latchkey.base.system.Randomness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Runs the queue: ten jobs at a time, each tried again until it succeeds, after 5 s, 10 s, 20 s
/// and so on up to a quarter of an hour or what its handler says, with some chance so that a crowd
/// spreads. Recurring jobs take their turns among them.
@Singleton
public class JobRunner {
  private static final Logger LOG = Logger.getLogger(JobRunner.class);
  static final String TABLE = "latchkey.scheduled_tasks";
  private static final int PARALLEL = 10;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

  /// db-scheduler forgets jobs of a kind it does not know after two weeks; ours may be of a newer
  /// release that was rolled back, and are not to be lost.
  private static final Duration KEEP_UNKNOWN = Duration.ofDays(3650);

  private final DataSource database;
  private final List<JobHandler> handlers;
  private final RecurringJobs recurring;
  private final Clock clock;
  private final Randomness randomness;
  private volatile @Nullable Scheduler scheduler;

  JobRunner(
      DataSource database,
      @All List<JobHandler> handlers,
      @All List<RecurringJob> recurring,
      Clock clock,
      Randomness randomness) {
    this.database = database;
    this.handlers = handlers;
    this.recurring = new RecurringJobs(database, recurring);
    this.clock = clock;
    this.randomness = randomness;
  }

  /// Starts running jobs; the schema must be in order.
  public synchronized void start() throws SQLException {
    if (scheduler == null) {
      recurring.schedule(clock.instant());
      var started =
          settings(Scheduler.create(database, tasks()))
              .tableName(TABLE)
              .threads(PARALLEL)
              .pollingInterval(POLL)
              .heartbeatInterval(HEARTBEAT)
              .shutdownMaxWait(STOP_DEADLINE)
              .addSchedulerListener(new QueueTroubles(clock))
              .clock(clock::instant)
              .build();
      started.start();
      scheduler = started;
    }
  }

  /// Waits for the jobs under way, up to a deadline; another replica takes over what is left.
  public synchronized void stop() {
    var running = scheduler;
    if (running != null) {
      scheduler = null;
      recurring.stop();
      running.stop();
    }
  }

  /// Looks for due jobs at once instead of at the next poll.
  public void checkNow() {
    var running = scheduler;
    if (running != null) {
      running.triggerCheckForDueExecutions();
    }
  }

  void onScheduled(@Observes(during = TransactionPhase.AFTER_SUCCESS) Jobs.Scheduled event) {
    checkNow();
  }

  List<Task<?>> tasks() {
    return Stream.concat(handlers.stream().map(this::task), recurring.tasks().stream()).toList();
  }

  /// What holds in tests too.
  static SchedulerBuilder settings(SchedulerBuilder builder) {
    return builder
        .serializer(new Plain())
        // Asking the database which one it is would, once unanswered, settle for any other.
        .jdbcCustomization(new PostgreSqlJdbcCustomization(false, true))
        // retryLater tells of a failure, in one line.
        .failureLogging(LogLevel.OFF, false)
        .deleteUnresolvedAfter(KEEP_UNKNOWN);
  }

  private Task<byte[]> task(JobHandler handler) {
    return Tasks.oneTime(handler.kind(), byte[].class)
        .onFailure(retryLater(handler))
        .onDeadExecutionRevive()
        .execute((instance, _) -> run(handler, Jobs.decode(instance.getData())));
  }

  private static void run(JobHandler handler, List<String> ids) {
    try {
      handler.run(ids);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private FailureHandler<byte[]> retryLater(JobHandler handler) {
    return (complete, operations) -> {
      int failures = complete.getExecution().consecutiveFailures;
      var pause = pause(failures, handler.longestPause());
      LOG.warnf(
          "job %s failed (attempt %d), next try in %d s: %s",
          handler.kind(),
          failures + 1,
          pause.toSeconds(),
          complete.getCause().map(JobRunner::words).orElse("no reason given"));
      operations.reschedule(complete, clock.instant().plus(pause));
    };
  }

  private static String words(Throwable cause) {
    var message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private Duration pause(int failures, Duration longest) {
    var doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 20));
    var capped = doubled.compareTo(longest) > 0 ? longest : doubled;
    long jitter = Math.floorMod(randomness.nextLong(), capped.toMillis() / 4 + 1);
    return capped.plusMillis(jitter);
  }

  /// Payloads are bytes already.
  private static final class Plain implements Serializer {
    @Override
    public byte[] serialize(Object data) {
      return (byte[]) data;
    }

    @Override
    public <T> T deserialize(Class<T> type, byte[] bytes) {
      return type.cast(bytes);
    }
  }
}
