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
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final @Nullable Peer peer;
  private final List<JobHandler> handlers;
  private final Queue queue;
  private final Clock clock;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable Scheduler scheduler;
  private volatile @Nullable Thread watch;
  private volatile boolean closed;
  private volatile Instant nextQuestion = Instant.MIN;
  private volatile Instant wasWell = Instant.MIN;
  private Duration pause = FIRST_PAUSE;

  /// @param peer null for jobs that talk to nobody
  Lane(@Nullable Peer peer, List<JobHandler> handlers, Queue queue, Clock clock) {
    this.peer = peer;
    this.handlers = List.copyOf(handlers);
    this.queue = queue;
    this.clock = clock;
  }

  List<JobHandler> handlers() {
    return handlers;
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
      LOG.warnf(
          "all jobs for the %s wait until it answers: %s", peer.name(), JobRunner.words(cause));
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
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
        nextQuestion = clock.instant().plus(pause);
        return;
      }
      int waiting = queue.bringForward(handlers.stream().map(JobHandler::kind).toList());
      var running = scheduler;
      closed = false;
      if (running != null) {
        running.resume();
        running.triggerCheckForDueExecutions();
      }
      LOG.infof(
          "the %s answers again; %d jobs that had failed go on at once", asked.name(), waiting);
    } catch (RuntimeException e) {
      LOG.debugf("the queue stays shut: %s", e.getMessage());
      nextQuestion = clock.instant().plus(FIRST_PAUSE);
    } finally {
      asking.unlock();
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
