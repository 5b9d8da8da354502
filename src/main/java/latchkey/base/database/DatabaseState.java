package latchkey.base.database;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/// Whether the database can be asked, as this process last saw it.
@Singleton
public class DatabaseState {
  /// What to tell callers to wait before they ask again.
  public static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /// The stages of a process: it starts without knowing, becomes ready once the schema is in order,
  /// and may lose the database and find it again for as long as it lives.
  public sealed interface Stage {
    /// Never ready so far: not reached, or its schema not yet in order.
    record Starting() implements Stage {}

    record Ready() implements Stage {}

    /// Lost at a moment of the monotonic clock.
    record Away(long sinceNanos) implements Stage {}
  }

  private final AtomicReference<Stage> stage = new AtomicReference<>(new Stage.Starting());

  public Stage stage() {
    return stage.get();
  }

  public boolean isReady() {
    return stage.get() instanceof Stage.Ready;
  }

  /// How long it has been away; zero while it is there or was never seen.
  public Duration awayFor() {
    return stage.get() instanceof Stage.Away(long since)
        ? Duration.ofNanos(System.nanoTime() - since)
        : Duration.ZERO;
  }

  /// The schema is in order and the database answers. True if that is news.
  public boolean becameReady() {
    return !(stage.getAndSet(new Stage.Ready()) instanceof Stage.Ready);
  }

  /// The database does not answer, and did so last at `since`. True if that is news; before the
  /// first time it was ready nothing changes.
  public boolean becameAway(long since) {
    var away = new Stage.Away(since);
    return stage.getAndUpdate(now -> now instanceof Stage.Ready ? away : now)
        instanceof Stage.Ready;
  }
}
