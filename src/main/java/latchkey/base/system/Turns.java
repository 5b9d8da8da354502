package latchkey.base.system;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// One at a time for each of many things, within this process, in the order of arrival. Nothing is
/// kept of a thing that nobody waits for.
///
/// @param <K> what they take turns at, by value
public final class Turns<K> {
  private final Map<K, Line> lines = new ConcurrentHashMap<>();

  /// Those who are here for one thing.
  private static final class Line {
    private final Semaphore turn = new Semaphore(1, true);
    private int here;

    private Line with(int more) {
      here += more;
      return this;
    }
  }

  /// Whose turn it is; to be closed once, by whichever thread.
  public final class Turn implements AutoCloseable {
    private final K thing;
    private final Line line;

    private Turn(K thing, Line line) {
      this.thing = thing;
      this.line = line;
    }

    @Override
    public void close() {
      line.turn.release();
      leave(thing);
    }
  }

  /// Waits until it is the caller's turn; empty if that took longer than `patience`, or the thread
  /// was interrupted, which it stays.
  public Optional<Turn> take(K thing, Duration patience) {
    var line = lines.compute(thing, (_, there) -> (there == null ? new Line() : there).with(1));
    boolean isMine = false;
    try {
      isMine = line.turn.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!isMine) {
      leave(thing);
      return Optional.empty();
    }
    return Optional.of(new Turn(thing, line));
  }

  private void leave(K thing) {
    lines.computeIfPresent(thing, (_, there) -> there.with(-1).here == 0 ? null : there);
  }
}
