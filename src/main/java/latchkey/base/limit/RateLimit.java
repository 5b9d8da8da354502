package latchkey.base.limit;

/// How often something may be done: `burst` times at once, and again whenever a further permit has
/// come back, of which there are `perSecond` a second.
///
/// @param name its path in the configuration, which stands in the log and the metrics too
/// @param burst 1 or more
/// @param perSecond above 0
public record RateLimit(String name, long burst, double perSecond) {
  private static final double MICROS = 1e6;

  /// A hundred years: the ends of what PostgreSQL can add to a date are far behind that.
  private static final long LONGEST = 3_155_760_000_000_000L;

  /// GCRA's emission interval: the microseconds in which one permit comes back. A pace beyond a
  /// million a second is none.
  long interval() {
    return Math.min(Math.round(MICROS / perSecond), LONGEST);
  }

  /// GCRA's delay variation tolerance: how many microseconds a request may come before its
  /// theoretical arrival time.
  long tolerance() {
    long most = LONGEST / Math.max(1, interval());
    return burst - 1 > most ? LONGEST : (burst - 1) * interval();
  }
}
