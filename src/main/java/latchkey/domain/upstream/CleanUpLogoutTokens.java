package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Forgets the logout tokens that have expired.
@Singleton
class CleanUpLogoutTokens implements RecurringJob {
  private final UsedLogoutTokenRepository used;
  private final Clock clock;

  CleanUpLogoutTokens(UsedLogoutTokenRepository used, Clock clock) {
    this.used = used;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-logout-tokens";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  public boolean step() throws SQLException {
    return used.deleteExpired(clock.instant(), BATCH) == BATCH;
  }
}
