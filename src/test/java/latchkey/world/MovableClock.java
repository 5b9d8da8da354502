package latchkey.world;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The clock of the application under test: real time, moved forward by what tests asked for, or
/// held still while a test says what time it is.
@Singleton
public class MovableClock extends Clock {
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);
  private final AtomicReference<@Nullable Instant> held = new AtomicReference<>();
  private final AtomicReference<Instant> latest = new AtomicReference<>(Instant.MIN);

  public void advance(Duration by) {
    offset.updateAndGet(now -> now.plus(by));
  }

  /// From now on it is `now`, until told otherwise.
  public void hold(Instant now) {
    held.set(now);
    latest.accumulateAndGet(now, (a, b) -> a.isAfter(b) ? a : b);
  }

  /// It runs again, from the latest moment it was held at.
  public void release() {
    var now = Clock.systemUTC().instant();
    var behind = Duration.between(now.plus(offset.get()), latest.get());
    if (held.getAndSet(null) != null && behind.isPositive()) {
      advance(behind);
    }
  }

  @Override
  public Instant instant() {
    var still = held.get();
    return still != null ? still : Clock.systemUTC().instant().plus(offset.get());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
