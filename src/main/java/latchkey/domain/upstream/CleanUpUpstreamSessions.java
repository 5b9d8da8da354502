package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Deletes trips that nobody came back from, or whose browser session is deleted.
@Singleton
class CleanUpUpstreamSessions implements RecurringJob {
  /// No cookie of a trip lives longer than ten minutes, no page of one longer than this.
  private static final Duration LONGEST_TRIP = Duration.ofHours(1);

  private final UpstreamSessionRepository sessions;
  private final Clock clock;

  CleanUpUpstreamSessions(UpstreamSessionRepository sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "clean-up-upstream-sessions";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  @Transactional
  public boolean step() {
    var now = clock.instant();
    return sessions.deleteLoose(now.minus(LONGEST_TRIP), now, BATCH) == BATCH;
  }
}
