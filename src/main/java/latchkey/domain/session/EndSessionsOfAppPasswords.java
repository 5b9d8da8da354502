package latchkey.domain.session;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Ends what was signed in with an app password that has expired since: within a minute of that.
@Singleton
class EndSessionsOfAppPasswords implements RecurringJob {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final EndSession endSession;

  EndSessionsOfAppPasswords(EndSession endSession) {
    this.endSession = endSession;
  }

  @Override
  public String kind() {
    return "end-sessions-of-app-passwords";
  }

  @Override
  public Duration pause() {
    return PAUSE;
  }

  @Override
  @Transactional
  public boolean step() {
    return endSession.handleExpiredAppPasswords(BATCH) == BATCH;
  }
}
