package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Writes [Activity] down once a minute, sooner if much has gathered, and at the end. A failure
/// loses nothing while the process lives; a crash loses at most what one round would have written.
@Singleton
public class ActivityFlush {
  private static final Logger LOG = Logger.getLogger(ActivityFlush.class);
  private static final Duration ROUND = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LAST_CHANCE = Duration.ofSeconds(5);
  private static final int MUCH = 1000;

  /// Longer than it takes to commit a sign-in.
  private static final Duration COMMIT = Duration.ofMinutes(1);

  private final Activity activity;
  private final ActivityRepository repository;
  private final Outages outages;
  private final Clock clock;
  private volatile boolean asked;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Thread flushing;

  ActivityFlush(Activity activity, ActivityRepository repository, Outages outages, Clock clock) {
    this.activity = activity;
    this.repository = repository;
    this.outages = outages;
    this.clock = clock;
  }

  /// Begins with a note that this replica is there, before anybody asks what was idle.
  public void start() {
    quietly(this::round);
    flushing = Thread.ofVirtual().name("activity").start(this::keepFlushing);
  }

  /// Writes what there is within a second.
  public void soon() {
    asked = true;
  }

  /// Writes everything, and waits for rows that somebody else holds at this moment.
  public void stop() {
    long until = System.nanoTime() + LAST_CHANCE.toNanos();
    stopping.countDown();
    if (!hasEnded(flushing)) {
      LOG.warn("the last activity is not written: the database does not answer");
      return;
    }
    while (quietly(this::last) && activity.waiting() > 0 && System.nanoTime() < until) {
      sleep(Duration.ofMillis(50));
    }
    if (activity.waiting() > 0) {
      LOG.warnf("the last activity of %d sessions is not written", activity.waiting());
      return;
    }
    quietly(outages::stopped);
  }

  /// A round under way would say afterwards that this replica is there.
  private static boolean hasEnded(@Nullable Thread thread) {
    try {
      return thread == null || thread.join(LAST_CHANCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Writes everything down and, if that went through, notes how far this replica is.
  public void round() throws SQLException {
    var begun = clock.instant();
    if (flush()) {
      outages.flushed(begun);
    }
  }

  /// Writes every session whose row is free. True if that was all, but for those that are being
  /// signed in at this moment.
  public boolean flush() throws SQLException {
    return flush(clock.instant().minus(COMMIT));
  }

  /// The same when nobody signs in any more.
  private void last() throws SQLException {
    flush(clock.instant().plus(COMMIT));
  }

  private boolean flush(Instant gone) throws SQLException {
    boolean everything = true;
    for (var kind : SessionKind.values()) {
      var seen = activity.snapshot(kind);
      if (!seen.isEmpty()) {
        var written = repository.write(kind, seen, gone);
        activity.written(kind, written.done());
        everything &= written.done().size() + written.newcomers() == seen.size();
      }
    }
    return everything;
  }

  private void keepFlushing() {
    long last = System.nanoTime();
    while (!isStoppingWithin(LOOK)) {
      boolean due = asked || System.nanoTime() - last >= ROUND.toNanos();
      asked = false;
      if (due || activity.waiting() >= MUCH) {
        // After a failure the next try is a round away, however much has gathered.
        last = quietly(this::round) || due ? System.nanoTime() : last;
      }
    }
  }

  private interface Writing {
    void run() throws SQLException;
  }

  private static boolean quietly(Writing writing) {
    try {
      writing.run();
      return true;
    } catch (SQLException e) {
      LOG.debugf("activity not written yet: %s", e.getMessage());
      return false;
    }
  }

  private boolean isStoppingWithin(Duration time) {
    try {
      return stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
