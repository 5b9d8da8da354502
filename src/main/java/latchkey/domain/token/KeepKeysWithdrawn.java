package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Sees to it that a token key which the list of this server withdraws stays so, even if the
/// database loses its last second or goes back to a backup.
@Singleton
class KeepKeysWithdrawn implements RecurringJob {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final TokenKeyRegistry registry;

  KeepKeysWithdrawn(TokenKeyRegistry registry) {
    this.registry = registry;
  }

  @Override
  public String kind() {
    return "keep-keys-withdrawn";
  }

  @Override
  public Duration pause() {
    return MINUTE;
  }

  @Override
  public boolean step() throws SQLException {
    registry.withdrawAgain();
    return false;
  }
}
