package latchkey.base.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import latchkey.base.system.Randomness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Runs the queue: ten jobs at a time for each peer and ten for nobody, two more of those that take
/// minutes, each tried again until it succeeds, after 5 s, 10 s, 20 s and so on up to a quarter of
/// an hour or what its handler says, with some chance so that a crowd spreads. Recurring jobs take
/// their turns among those for nobody.
@Singleton
public class JobRunner {
  private static final Logger LOG = Logger.getLogger(JobRunner.class);
  static final String TABLE = "latchkey.scheduled_tasks";
  private static final int PARALLEL = 10;
  private static final int PARALLEL_SLOW = 2;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final int LONGEST_REASON = 500;
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration SOON_SPREAD = Duration.ofSeconds(2);

  /// db-scheduler forgets jobs of a kind it does not know after two weeks; ours may be of a newer
  /// release that was rolled back, and are not to be lost, not even those made due at the epoch.
  private static final Duration KEEP_UNKNOWN = Duration.ofDays(365_000);

  private final DataSource database;
  private final RecurringJobs recurring;
  private final Queue queue;
  private final QueueFigures figures;
  private final List<Lane> lanes;
  private final Clock clock;
  private final Randomness randomness;
  private boolean running;

  JobRunner(
      DataSource database,
      @All List<JobHandler> handlers,
      @All List<RecurringJob> recurring,
      Clock clock,
      Randomness randomness,
      MeterRegistry meters) {
    this.database = database;
    this.recurring = new RecurringJobs(database, recurring);
    this.clock = clock;
    this.randomness = randomness;
    this.queue = new Queue(database, clock);
    this.figures = new QueueFigures(queue, clock, meters, QueueFigures.EVERY);
    this.lanes = lanes(handlers);
  }

  private List<Lane> lanes(List<JobHandler> handlers) {
    var groups = new LinkedHashMap<Group, List<JobHandler>>();
    groups.put(new Group(null, false), new ArrayList<>());
    handlers.forEach(
        handler ->
            groups
                .computeIfAbsent(
                    new Group(handler.peer(), handler.isSlow()), _ -> new ArrayList<>())
                .add(handler));
    return groups.entrySet().stream()
        .map(e -> new Lane(e.getKey().peer(), e.getKey().slow(), e.getValue(), queue, clock))
        .toList();
  }

  /// Whose jobs share a lane.
  private record Group(@Nullable Peer peer, boolean slow) {}

  /// Starts running jobs; the schema must be in order.
  public synchronized void start() throws SQLException {
    if (!running) {
      recurring.schedule(clock.instant());
      lanes.forEach(lane -> lane.start(scheduler(lane)));
      figures.start(kinds());
      running = true;
    }
  }

  private Scheduler scheduler(Lane lane) {
    return settings(Scheduler.create(database, tasks(lane)))
        .tableName(TABLE)
        .threads(lane.isSlow() ? PARALLEL_SLOW : PARALLEL)
        .pollingInterval(POLL)
        .heartbeatInterval(HEARTBEAT)
        .shutdownMaxWait(STOP_DEADLINE)
        .addSchedulerListener(new QueueTroubles(clock))
        .clock(clock::instant)
        .build();
  }

  private List<String> kinds() {
    return lanes.stream().flatMap(lane -> lane.handlers().stream()).map(JobHandler::kind).toList();
  }

  /// Waits for the jobs under way, up to a deadline; another replica takes over what is left.
  public synchronized void stop() {
    if (running) {
      running = false;
      recurring.stop();
      figures.stop();
      var stopping = lanes.stream().map(lane -> Thread.ofVirtual().start(lane::stop)).toList();
      try {
        for (var lane : stopping) {
          lane.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Looks for due jobs at once instead of at the next poll, and asks peers that were away.
  public void checkNow() {
    lanes.forEach(Lane::askNow);
    lanes.forEach(Lane::wake);
  }

  void onScheduled(@Observes(during = TransactionPhase.AFTER_SUCCESS) Jobs.Scheduled event) {
    lanes.stream()
        .filter(lane -> lane.handlers().stream().anyMatch(h -> h.kind().equals(event.kind())))
        .forEach(Lane::wake);
  }

  /// Whether all jobs for some peer wait for it.
  public boolean isWaitingForAPeer() {
    return lanes.stream().anyMatch(Lane::isClosed);
  }

  List<Task<?>> tasks() {
    return lanes.stream().flatMap(lane -> tasks(lane).stream()).toList();
  }

  private List<Task<?>> tasks(Lane lane) {
    var tasks = new ArrayList<Task<?>>(lane.handlers().stream().map(h -> task(h, lane)).toList());
    if (lane.equals(lanes.getFirst())) {
      tasks.addAll(recurring.tasks());
    }
    return tasks;
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

  private Task<byte[]> task(JobHandler handler, Lane lane) {
    return Tasks.oneTime(handler.kind(), byte[].class)
        .onFailure(retryLater(handler, lane))
        .onDeadExecutionRevive()
        .execute(
            (instance, _) -> {
              figures.begins();
              long from = System.nanoTime();
              var result = QueueFigures.Result.FAILED;
              try {
                run(handler, instance.getId(), Jobs.decode(instance.getData()));
                result = QueueFigures.Result.SUCCESS;
              } catch (RuntimeException e) {
                if (notNow(e).isPresent()) {
                  result = QueueFigures.Result.POSTPONED;
                }
                throw e;
              } finally {
                var took = Duration.ofNanos(System.nanoTime() - from);
                figures.ended(handler.kind(), result, took);
              }
            });
  }

  private static void run(JobHandler handler, String instance, List<String> ids) {
    var id =
        Queue.id(instance)
            .orElseThrow(() -> new IllegalStateException(instance + " is no id of a job"));
    try {
      handler.run(id, ids);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private FailureHandler<byte[]> retryLater(JobHandler handler, Lane lane) {
    return (complete, operations) -> {
      var execution = complete.getExecution();
      var notNow = complete.getCause().flatMap(JobRunner::notNow);
      if (notNow.isPresent()) {
        queue.postpone(execution, clock.instant().plus(SOON).plusMillis(chance(SOON_SPREAD)));
        LOG.debugf("job %s waits a moment: %s", handler.kind(), notNow.get().getMessage());
        return;
      }
      int failures = execution.consecutiveFailures;
      var pause = pause(failures, handler.longestPause());
      var reason = complete.getCause().map(JobRunner::words).orElse("no reason given");
      operations.reschedule(complete, clock.instant().plus(pause));
      queue.failed(handler.kind(), execution.taskInstance.getId(), reason);
      boolean isOneOfMany = complete.getCause().map(lane::failed).orElse(false);
      LOG.logf(
          isOneOfMany ? Logger.Level.DEBUG : Logger.Level.WARN,
          "job %s failed (attempt %d), next try in %d s: %s",
          handler.kind(),
          failures + 1,
          pause.toSeconds(),
          reason);
    };
  }

  private static Optional<Throwable> notNow(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(NotNow.class::isInstance)
        .findFirst();
  }

  /// Why it failed, for a line of the log: others may have chosen the words.
  static String words(Throwable cause) {
    var message = cause.getMessage();
    if (message == null) {
      return cause.getClass().getSimpleName();
    }
    var start = message.substring(0, Math.min(message.length(), LONGEST_REASON));
    return CONTROLS.matcher(start).replaceAll("\uFFFD");
  }

  private Duration pause(int failures, Duration longest) {
    var doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 20));
    var capped = doubled.compareTo(longest) > 0 ? longest : doubled;
    return capped.plusMillis(chance(capped.dividedBy(4)));
  }

  private long chance(Duration upTo) {
    return Math.floorMod(randomness.nextLong(), upTo.toMillis() + 1);
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
