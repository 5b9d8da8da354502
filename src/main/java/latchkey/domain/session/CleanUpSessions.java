package latchkey.domain.session;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Deletes OAuth sessions and their tokens some time after they ended.
@Singleton
class CleanUpSessions implements RecurringJob {
  private final OAuthSessionRepository sessions;
  private final Clock clock;

  CleanUpSessions(OAuthSessionRepository sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-oauth-sessions";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  @Transactional
  public boolean step() {
    return sessions.deleteFinished(clock.instant().minus(Retention.ENDED_SESSION), BATCH) == BATCH;
  }
}
