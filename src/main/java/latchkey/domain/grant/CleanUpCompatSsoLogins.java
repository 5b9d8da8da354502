package latchkey.domain.grant;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;
import latchkey.base.system.Ids;

/// Deletes the ways of legacy clients through the browser a week after they began, however far they
/// came, and after an hour those that nobody answered: anybody can begin one.
@Singleton
class CleanUpCompatSsoLogins implements RecurringJob {
  private final CompatSsoLoginRepository logins;
  private final Clock clock;

  CleanUpCompatSsoLogins(CompatSsoLoginRepository logins, Clock clock) {
    this.logins = logins;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-compat-sso-logins";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  public boolean step() throws SQLException {
    var floor = Ids.floor(clock.instant().minus(CleanUpGrants.RETENTION));
    var unanswered = Ids.floor(clock.instant().minus(HOURLY));
    return logins.deleteBefore(floor, unanswered, BATCH) == BATCH;
  }
}
