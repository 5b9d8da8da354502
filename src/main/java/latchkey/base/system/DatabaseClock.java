package latchkey.base.system;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/// The database's time as this process knows it: the machine's clock plus the offset last measured.
/// All replicas agree on it, so issue, expiry and leeway do not depend on who answered.
public final class DatabaseClock extends Clock {
  private final Clock machine;
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  public DatabaseClock() {
    this(Clock.systemUTC());
  }

  DatabaseClock(Clock machine) {
    this.machine = machine;
  }

  /// Takes over what the database said. The answer was read between `sent` and `received` on this
  /// machine's clock; the middle of the two is when it was true.
  public void adjust(Instant database, Instant sent, Instant received) {
    var middle = sent.plus(Duration.between(sent, received).dividedBy(2));
    offset.set(Duration.between(middle, database));
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
