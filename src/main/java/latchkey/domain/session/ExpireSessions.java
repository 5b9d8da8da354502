package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import latchkey.base.job.RecurringJob;

/// Ends OAuth sessions whose time is over, and takes their devices with them. Goes through all live
/// ones by their ids, a part at a time: when a session was last used has no index.
@Singleton
class ExpireSessions implements RecurringJob {
  private static final UUID BEGINNING = new UUID(0, 0);
  private static final Duration KEEP_REPLICAS = Duration.ofDays(30);

  private final SessionExpiry expiry;
  private final SessionTokensRepository sessions;
  private final EndSession endSession;
  private final ReplicaRepository replicas;
  private final Clock clock;
  private volatile UUID after = BEGINNING;

  ExpireSessions(
      SessionExpiry expiry,
      SessionTokensRepository sessions,
      EndSession endSession,
      ReplicaRepository replicas,
      Clock clock) {
    this.expiry = expiry;
    this.sessions = sessions;
    this.endSession = endSession;
    this.replicas = replicas;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "expire-oauth-sessions";
  }

  @Override
  public Duration pause() {
    return HOURLY;
  }

  @Override
  public boolean step() throws SQLException {
    replicas.forget(clock.instant().minus(KEEP_REPLICAS));
    if (!expiry.isOn()) {
      return false;
    }
    var page = sessions.live(after, BATCH);
    for (var session : page) {
      expiry.of(session).ifPresent(reason -> endSession.handle(session.id(), reason));
    }
    after = page.size() < BATCH ? BEGINNING : page.getLast().id();
    return page.size() == BATCH;
  }
}
