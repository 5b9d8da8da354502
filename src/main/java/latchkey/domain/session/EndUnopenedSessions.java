package latchkey.domain.session;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import latchkey.base.job.RecurringJob;

/// Ends sessions whose opening began and never finished, and lets go of their devices: the
/// homeserver may have made one although nobody heard its answer. The row that an exchange leaves
/// before it calls the homeserver is what this works from, so nothing else has to be written down
/// at each sign-in.
@Singleton
class EndUnopenedSessions implements RecurringJob {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final EndSession endSession;
  private final Clock clock;

  EndUnopenedSessions(EndSession endSession, Clock clock) {
    this.endSession = endSession;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "end-unopened-sessions";
  }

  @Override
  public Duration pause() {
    return MINUTE;
  }

  @Override
  @Transactional
  public boolean step() {
    var begunBefore = clock.instant().minus(SessionDevicesRepository.OPENING);
    return endSession.handleUnopened(begunBefore, BATCH) == BATCH;
  }
}
