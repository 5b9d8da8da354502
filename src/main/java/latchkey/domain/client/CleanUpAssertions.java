package latchkey.domain.client;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Forgets the assertions that have expired.
@Singleton
class CleanUpAssertions implements RecurringJob {
  private final UsedAssertionRepository used;
  private final Clock clock;

  CleanUpAssertions(UsedAssertionRepository used, Clock clock) {
    this.used = used;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-assertions";
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
