package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Flushes [UsedGenerations] to the database, in less than a second after a use. A failure loses
/// nothing: the marks stay and the next round tries again.
@Singleton
public class UsedGenerationsFlush {
  private static final Logger LOG = Logger.getLogger(UsedGenerationsFlush.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final UsedGenerations used;
  private final UsedGenerationsRepository repository;
  private volatile @Nullable Thread thread;

  UsedGenerationsFlush(UsedGenerations used, UsedGenerationsRepository repository) {
    this.used = used;
    this.repository = repository;
  }

  /// Starts the thread that flushes, twice a second. Starting it twice makes no second one.
  public synchronized void start() {
    if (thread == null) {
      var flushing = Thread.ofVirtual().name("used-generations").unstarted(this::flushOnAndOn);
      thread = flushing;
      flushing.start();
    }
  }

  /// Ends the thread at its next round and writes what is left.
  public synchronized void stop() {
    thread = null;
    flushQuietly();
  }

  /// Writes every mark whose row is free.
  public void flush() throws SQLException {
    var marks = used.snapshot();
    if (!marks.isEmpty()) {
      used.written(repository.raise(marks));
    }
  }

  private void flushQuietly() {
    try {
      flush();
    } catch (SQLException e) {
      LOG.debugf("used generations not written yet: %s", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("used generations not written yet", e);
    }
  }

  private void flushOnAndOn() {
    while (Thread.currentThread() == thread) {
      flushQuietly();
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
