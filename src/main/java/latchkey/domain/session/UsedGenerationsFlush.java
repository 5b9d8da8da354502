package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/// Flushes [UsedGenerations] to the database, in less than a second after a use. A failure loses
/// nothing: the marks stay and the next round tries again.
@Singleton
public class UsedGenerationsFlush {
  private static final Logger LOG = Logger.getLogger(UsedGenerationsFlush.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final UsedGenerations used;
  private final UsedGenerationsRepository repository;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean stopped;

  UsedGenerationsFlush(UsedGenerations used, UsedGenerationsRepository repository) {
    this.used = used;
    this.repository = repository;
  }

  /// Starts the thread that flushes, twice a second. Starting it twice makes no second one.
  public void start() {
    if (!started.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual()
        .name("used-generations")
        .start(
            () -> {
              while (!stopped) {
                flushQuietly();
                pause();
              }
            });
  }

  /// Writes what is left and ends the thread.
  public void stop() {
    stopped = true;
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

  private void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }
}
