package latchkey.base.job;

import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/// Tells now and then that the queue cannot be read. db-scheduler itself would write a stack every
/// second while the database is away (`application.properties` silences that).
final class QueueTroubles extends AbstractSchedulerListener {
  private static final Logger LOG = Logger.getLogger(JobRunner.class);
  private static final Duration SAY_AGAIN = Duration.ofSeconds(30);

  private final Clock clock;
  private final AtomicReference<Instant> said = new AtomicReference<>(Instant.MIN);

  QueueTroubles(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void onSchedulerEvent(SchedulerEventType type) {
    switch (type) {
      case UNEXPECTED_ERROR -> say("the job queue cannot be read; jobs wait until it can");
      case FAILED_MULTIPLE_HEARTBEATS ->
          say("a job could not say that it lives; another replica may run it again");
      case COMPLETIONHANDLER_ERROR, FAILUREHANDLER_ERROR ->
          say("what became of a job could not be written down; it will run again");
      case FAILED_HEARTBEAT,
          DEAD_EXECUTION,
          RAN_UPDATE_HEARTBEATS,
          RAN_DETECT_DEAD,
          RAN_EXECUTE_DUE,
          UNRESOLVED_TASK -> {}
    }
  }

  private void say(String trouble) {
    var now = clock.instant();
    var last = said.get();
    if (now.isAfter(last.plus(SAY_AGAIN)) && said.compareAndSet(last, now)) {
      LOG.warn(trouble);
    }
  }
}
