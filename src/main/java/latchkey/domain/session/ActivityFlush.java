package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import org.jboss.logging.Logger;

/// Writes [Activity] down once a minute, sooner if much has gathered, and at the end. A failure
/// loses nothing while the process lives; a crash loses at most what one round would have written.
@Singleton
public class ActivityFlush {
  private static final Logger LOG = Logger.getLogger(ActivityFlush.class);
  private static final Duration ROUND = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LAST_CHANCE = Duration.ofSeconds(5);
  private static final int MUCH = 1000;

  private final Activity activity;
  private final ActivityRepository repository;
  private volatile boolean asked;
  private volatile boolean stopped;

  ActivityFlush(Activity activity, ActivityRepository repository) {
    this.activity = activity;
    this.repository = repository;
  }

  public void start() {
    Thread.ofVirtual().name("activity").start(this::keepFlushing);
  }

  /// Writes what there is within a second.
  public void soon() {
    asked = true;
  }

  /// Writes everything, and waits for rows that somebody else holds at this moment.
  public void stop() {
    stopped = true;
    long until = System.nanoTime() + LAST_CHANCE.toNanos();
    while (flushQuietly() && activity.waiting() > 0 && System.nanoTime() < until) {
      sleep(Duration.ofMillis(50));
    }
    if (activity.waiting() > 0) {
      LOG.warnf("the last activity of %d sessions is not written", activity.waiting());
    }
  }

  /// Writes every session whose row is free.
  public void flush() throws SQLException {
    for (var kind : SessionKind.values()) {
      var seen = activity.snapshot(kind);
      if (!seen.isEmpty()) {
        activity.written(kind, repository.write(kind, seen));
      }
    }
  }

  private void keepFlushing() {
    long last = System.nanoTime();
    while (!stopped) {
      sleep(LOOK);
      boolean due = asked || System.nanoTime() - last >= ROUND.toNanos();
      asked = false;
      if (due || activity.waiting() >= MUCH) {
        // After a failure the next try is a round away, however much has gathered.
        last = flushQuietly() || due ? System.nanoTime() : last;
      }
    }
  }

  private boolean flushQuietly() {
    try {
      flush();
      return true;
    } catch (SQLException e) {
      LOG.debugf("activity not written yet: %s", e.getMessage());
      return false;
    }
  }

  private void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }
}
