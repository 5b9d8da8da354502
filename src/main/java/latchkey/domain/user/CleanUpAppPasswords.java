package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Deletes app passwords some time after they were revoked or expired, and forgets from where those
/// were used that nobody uses any more.
@Singleton
class CleanUpAppPasswords implements RecurringJob {
  private static final Duration KEPT = Duration.ofDays(30);

  private final AppPasswordRepository passwords;
  private final Clock clock;

  CleanUpAppPasswords(AppPasswordRepository passwords, Clock clock) {
    this.passwords = passwords;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-app-passwords";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  public boolean step() throws SQLException {
    var before = clock.instant().minus(KEPT);
    int deleted = passwords.deleteOver(before, BATCH);
    return Math.max(deleted, passwords.forgetAddresses(before, BATCH)) == BATCH;
  }
}
