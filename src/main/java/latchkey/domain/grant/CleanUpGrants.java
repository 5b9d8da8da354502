package latchkey.domain.grant;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;
import latchkey.base.system.Ids;

/// Deletes authorization grants a week after they were made, however far they came.
@Singleton
class CleanUpGrants implements RecurringJob {
  static final Duration RETENTION = Duration.ofDays(7);

  private final AuthorizationGrantRepository grants;
  private final Clock clock;

  CleanUpGrants(AuthorizationGrantRepository grants, Clock clock) {
    this.grants = grants;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-grants";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  @Transactional
  public boolean step() {
    return grants.deleteBefore(Ids.floor(clock.instant().minus(RETENTION)), BATCH) == BATCH;
  }
}
