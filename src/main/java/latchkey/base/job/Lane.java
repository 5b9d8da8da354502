package latchkey.base.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The jobs for one peer, with threads of their own: a peer that hangs holds up nobody else's. Once
/// a failure makes us ask the peer, and it does not answer, none of its jobs is started until it
/// does. Fifty thousand of them would otherwise each find that out for themselves, again and again.
final class Lane {
  private static final Logger LOG = Logger.getLogger(JobRunner.class);
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration TRIAL = Duration.ofMinutes(15);
  private static final Duration SAY_AGAIN = Duration.ofHours(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final @Nullable Peer peer;
  private final boolean slow;
  private final List<JobHandler> handlers;
  private final Queue queue;
  private final Clock clock;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable Scheduler scheduler;
  private volatile @Nullable Thread watch;
  private volatile boolean closed;
  private volatile Instant nextQuestion = Instant.MIN;
  private volatile Instant wasWell = Instant.MIN;
  private volatile Instant nextTrial = Instant.MAX;
  private volatile Instant said = Instant.MIN;
  private volatile String reason = "";
  private Duration pause = FIRST_PAUSE;

  /// @param peer null for jobs that talk to nobody
  /// @param slow for those that take minutes
  Lane(@Nullable Peer peer, boolean slow, List<JobHandler> handlers, Queue queue, Clock clock) {
    this.peer = peer;
    this.slow = slow;
    this.handlers = List.copyOf(handlers);
    this.queue = queue;
    this.clock = clock;
  }

  List<JobHandler> handlers() {
    return handlers;
  }

  boolean isSlow() {
    return slow;
  }

  void start(Scheduler started) {
    scheduler = started;
    closed = false;
    started.start();
    if (peer != null) {
      var watching = Thread.ofVirtual().name("lane-" + peer.name()).unstarted(this::watch);
      watch = watching;
      watching.start();
    }
  }

  void stop() {
    var watching = watch;
    if (watching != null) {
      watch = null;
      watching.interrupt();
    }
    var running = scheduler;
    if (running != null) {
      scheduler = null;
      running.stop();
    }
  }

  /// Whether jobs wait for the peer.
  boolean isClosed() {
    return closed;
  }

  void wake() {
    var running = scheduler;
    if (running != null) {
      running.triggerCheckForDueExecutions();
    }
  }

  /// Asks a peer that was away, whenever the next question would have been.
  void askNow() {
    if (closed) {
      tryAgain();
    }
  }

  /// A job has failed. True if all wait now, and there is nothing to say of this one.
  boolean failed(Throwable cause) {
    if (peer == null || !peer.isSuspect(cause) || scheduler == null) {
      return false;
    }
    if (closed) {
      return true;
    }
    // One answer speaks for all jobs that failed with it.
    asking.lock();
    try {
      boolean isNews = clock.instant().isAfter(wasWell.plus(FIRST_PAUSE));
      if (!closed && isNews && !answers(peer)) {
        close(peer, cause);
      }
    } finally {
      asking.unlock();
    }
    return closed;
  }

  private void close(Peer peer, Throwable cause) {
    var running = scheduler;
    if (running != null) {
      running.pause();
      pause = FIRST_PAUSE;
      nextQuestion = clock.instant().plus(pause);
      closed = true;
      nextTrial = clock.instant().plus(TRIAL);
      reason = JobRunner.words(cause);
      say(peer);
    }
  }

  private void say(Peer peer) {
    if (clock.instant().isAfter(said.plus(SAY_AGAIN))) {
      said = clock.instant();
      LOG.warnf(
          "all %sjobs for the %s wait until it answers: %s",
          slow ? "slow " : "", peer.name(), reason);
    }
  }

  private void watch() {
    while (Thread.currentThread().equals(watch)) {
      if (closed && !clock.instant().isBefore(nextQuestion)) {
        tryAgain();
      }
      try {
        Thread.sleep(TICK);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void tryAgain() {
    var asked = peer;
    asking.lock();
    try {
      if (!closed) {
        return;
      }
      if (asked == null || !answers(asked)) {
        if (asked != null) {
          say(asked);
        }
        if (!clock.instant().isBefore(nextTrial)) {
          // Perhaps it minds the question only; the first job to fail shuts the lane again.
          open();
          return;
        }
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
        nextQuestion = clock.instant().plus(pause);
        return;
      }
      int waiting = queue.bringForward(handlers.stream().map(JobHandler::kind).toList());
      open();
      said = Instant.MIN;
      LOG.infof(
          "the %s answers again; %d jobs that had failed go on at once", asked.name(), waiting);
    } catch (RuntimeException e) {
      LOG.debugf("the queue stays shut: %s", e.getMessage());
      nextQuestion = clock.instant().plus(FIRST_PAUSE);
    } finally {
      asking.unlock();
    }
  }

  private void open() {
    var running = scheduler;
    closed = false;
    if (running != null) {
      running.resume();
      running.triggerCheckForDueExecutions();
    }
  }

  private boolean answers(Peer asked) {
    try {
      boolean well = asked.answers();
      if (well) {
        wasWell = clock.instant();
      }
      return well;
    } catch (RuntimeException e) {
      LOG.debugf("the %s does not answer: %s", asked.name(), e.getMessage());
      return false;
    }
  }
}
