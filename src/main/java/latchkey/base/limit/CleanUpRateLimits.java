package latchkey.base.limit;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Forgets what was not tried for so long that its limit is whole again.
@Singleton
class CleanUpRateLimits implements RecurringJob {
  private static final Duration PAUSE = Duration.ofMinutes(10);

  private static final byte[] START = new byte[0];

  private final RateLimitRepository rateLimits;
  private volatile byte[] after = START;

  CleanUpRateLimits(RateLimitRepository rateLimits) {
    this.rateLimits = rateLimits;
  }

  @Override
  public String kind() {
    return "clean-up-rate-limits";
  }

  @Override
  public Duration pause() {
    return PAUSE;
  }

  @Override
  public boolean step() throws SQLException {
    var last = rateLimits.deleteIdle(after, BATCH).last();
    after = last == null ? START : last;
    return last != null;
  }
}
