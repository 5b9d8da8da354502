package latchkey.domain.session;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Forgets from where sessions were used that nobody uses any more.
@Singleton
class ForgetAddresses implements RecurringJob {
  private final OAuthSessionRepository sessions;
  private final BrowserSessionRepository browserSessions;
  private final Clock clock;

  ForgetAddresses(
      OAuthSessionRepository sessions, BrowserSessionRepository browserSessions, Clock clock) {
    this.sessions = sessions;
    this.browserSessions = browserSessions;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "forget-addresses";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  @Transactional
  public boolean step() {
    var since = clock.instant().minus(Retention.ADDRESS);
    int forgotten = sessions.forgetAddresses(since, BATCH);
    return Math.max(forgotten, browserSessions.forgetAddresses(since, BATCH)) == BATCH;
  }
}
