package latchkey.base.database;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;

/// How listening for changes goes, as figures.
@Singleton
class ChangeMetrics {
  private final Counter notifications;

  ChangeMetrics(MeterRegistry meters, Hearing hearing) {
    notifications = meters.counter("latchkey.changes.notifications");
    Gauge.builder("latchkey.changes.hearing", hearing, h -> h.isGood() ? 1 : 0).register(meters);
    Gauge.builder("latchkey.changes.ping.age", hearing, ChangeMetrics::seconds)
        .baseUnit("seconds")
        .register(meters);
  }

  void notification() {
    notifications.increment();
  }

  private static double seconds(Hearing hearing) {
    return hearing.age().map(Duration::toNanos).map(nanos -> nanos / 1e9).orElse(Double.NaN);
  }
}
