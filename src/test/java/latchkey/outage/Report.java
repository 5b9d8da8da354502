package latchkey.outage;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// What was seen in [Traffic].
///
/// @param wrong answers that were not true
/// @param unavailable answers that were none, about sessions nobody touched
record Report(
    List<String> wrong,
    List<String> unavailable,
    Map<String, AtomicLong> counts,
    Duration median,
    Duration p99,
    Duration longest) {
  long count(String what) {
    var count = counts.get(what);
    return count == null ? 0 : count.get();
  }

  @Override
  public String toString() {
    return "%d answers, %d changes, %d refreshes: %d wrong, %d unavailable; p50 %d ms, p99 %d ms, longest %d ms %s"
        .formatted(
            count("answers"),
            count("changes"),
            count("refreshes"),
            wrong.size(),
            unavailable.size(),
            median.toMillis(),
            p99.toMillis(),
            longest.toMillis(),
            new java.util.TreeMap<>(counts));
  }
}
