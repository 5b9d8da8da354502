package latchkey.domain.session;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import latchkey.base.job.RecurringJob;

/// Ends browser sessions whose time is over; what clients hold goes on.
@Singleton
class ExpireBrowserSessions implements RecurringJob {
  private static final UUID BEGINNING = new UUID(0, 0);

  private final SessionExpiry expiry;
  private final BrowserSessionRepository sessions;
  private final Clock clock;
  private volatile UUID after = BEGINNING;

  ExpireBrowserSessions(SessionExpiry expiry, BrowserSessionRepository sessions, Clock clock) {
    this.expiry = expiry;
    this.sessions = sessions;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "expire-browser-sessions";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  @Transactional
  public boolean step() {
    if (!expiry.isOn()) {
      return false;
    }
    var page = sessions.live(after, BATCH);
    for (var session : page) {
      if (expiry.of(session).isPresent()) {
        sessions.finish(session.id(), clock.instant());
      }
    }
    after = page.size() < BATCH ? BEGINNING : page.getLast().id();
    return page.size() == BATCH;
  }
}
