package latchkey.base.database;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Randomness;
import org.jspecify.annotations.Nullable;

/// Whether this replica hears what the database tells. Every second [DatabaseMonitor] sends a ping,
/// a notification that only this replica listens for, and [ChangeListener] hears it come back.
/// Notifications arrive in the order of their commits, so a ping that came back proves that
/// everything committed before it was sent has been heard; and since it takes the way over the
/// pool's database, also that both are the same one.
///
/// By both clocks of the machine: one goes on while the process stands still, the other while the
/// machine does.
@Singleton
public class Hearing {
  /// How old the last ping that came back may be, counted from its sending.
  static final Duration LIMIT = Duration.ofSeconds(2);

  private static final int KEPT = 16;

  private record Ping(long number, long nanos, Instant at) {}

  private final DatabaseClock clock;
  private final String channel;
  private final @Nullable Ping[] sent = new Ping[KEPT];
  private long number;
  private volatile @Nullable Ping heard;
  private volatile long unheardSince;

  public Hearing(DatabaseClock clock, Randomness randomness) {
    this.clock = clock;
    this.channel = "latchkey_ping_" + Long.toHexString(randomness.nextLong());
  }

  /// The channel of this process's pings.
  String channel() {
    return channel;
  }

  /// Whether everything committed two seconds ago has been heard, at this very moment.
  public boolean isGood() {
    return age().map(age -> age.compareTo(LIMIT) < 0).orElse(false);
  }

  /// How long ago the last ping that came back was sent; empty if none did on this connection.
  Optional<Duration> age() {
    var last = heard;
    if (last == null) {
      return Optional.empty();
    }
    var steady = Duration.ofNanos(System.nanoTime() - last.nanos());
    var wall = Duration.between(last.at(), clock.machineTime()).abs();
    return Optional.of(steady.compareTo(wall) > 0 ? steady : wall);
  }

  /// A ping is about to be sent; its number.
  synchronized long send() {
    var ping = new Ping(++number, System.nanoTime(), clock.machineTime());
    sent[(int) (number % KEPT)] = ping;
    return number;
  }

  /// The database has taken the ping, so it ought to be heard any moment.
  void taken() {
    if (unheardSince == 0) {
      unheardSince = System.nanoTime();
    }
  }

  /// A ping came back.
  synchronized void heard(long number) {
    var ping = sent[(int) (number % KEPT)];
    if (ping != null && ping.number() == number) {
      heard = ping;
      unheardSince = 0;
    }
  }

  /// Listening begins, or is over: nothing was heard yet.
  void nothing() {
    heard = null;
    unheardSince = 0;
  }

  /// For how long pings have gone out and not come back.
  Duration silence() {
    long since = unheardSince;
    return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }
}
