package latchkey.base.system;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/// The database's time as this process knows it: the machine's clock plus an offset learnt from
/// pings. All replicas agree on it, so issue, expiry and leeway do not depend on who answered.
public final class DatabaseClock extends Clock {
  private final Clock machine;
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  public DatabaseClock() {
    this(Clock.systemUTC());
  }

  public DatabaseClock(Clock machine) {
    this.machine = machine;
  }

  /// Learns from what the database said. It was true at some moment between `sent` and `received`
  /// on this machine's clock, so the true offset lies between two bounds, and ours moves no further
  /// than into them: a slow answer proves little and changes nothing, a fast one corrects.
  public void adjust(Instant database, Instant sent, Instant received) {
    var least = Duration.between(received, database);
    var most = Duration.between(sent, database);
    // Otherwise the machine's clock was set back meanwhile, and the bounds mean nothing.
    if (least.compareTo(most) <= 0) {
      offset.updateAndGet(
          now -> now.compareTo(least) < 0 ? least : now.compareTo(most) > 0 ? most : now);
    }
  }

  /// This machine's own time, to stamp a measurement with.
  public Instant machineTime() {
    return machine.instant();
  }

  public Duration offset() {
    return offset.get();
  }

  @Override
  public Instant instant() {
    return machine.instant().plus(offset.get());
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
