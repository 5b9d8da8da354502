package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Deletes the leases of processes that died while they held one.
@Singleton
class CleanUpLeases implements RecurringJob {
  private final UserLeaseRepository leases;
  private final Clock clock;

  CleanUpLeases(UserLeaseRepository leases, Clock clock) {
    this.leases = leases;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-leases";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  public boolean step() throws SQLException {
    return leases.deleteExpired(clock.instant().minus(HOURLY), BATCH) == BATCH;
  }
}
