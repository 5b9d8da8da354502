package latchkey.domain.session;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Deletes browser sessions some time after they ended, once no OAuth session or grant of theirs is
/// left.
@Singleton
class CleanUpBrowserSessions implements RecurringJob {
  private final BrowserSessionRepository sessions;
  private final Clock clock;

  CleanUpBrowserSessions(BrowserSessionRepository sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-browser-sessions";
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
