package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;
import latchkey.domain.session.Retention;

/// Forgets lost sessions when even their youngest token is so old that its row might have been
/// deleted in good order.
@Singleton
class CleanUpLostSessions implements RecurringJob {
  private final LostSessionRepository lostSessions;
  private final Clock clock;

  CleanUpLostSessions(LostSessionRepository lostSessions, Clock clock) {
    this.lostSessions = lostSessions;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-lost-sessions";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  public boolean step() throws SQLException {
    return lostSessions.deleteOld(clock.instant().minus(Retention.ENDED_SESSION), BATCH) == BATCH;
  }
}
