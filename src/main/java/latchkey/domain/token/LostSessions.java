package latchkey.domain.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import latchkey.domain.session.Retention;
import latchkey.domain.session.SessionDevicesRepository;
import org.jboss.logging.Logger;

/// Judges a genuine token whose session is not in the database. A young one means that the database
/// lost data (the wrong one, or an old backup): then nobody is called logged out until an admin has
/// accepted the loss.
@Singleton
class LostSessions {
  private static final Logger LOG = Logger.getLogger(LostSessions.class);

  private static final long SIZE = 50_000;

  private final LostSessionRepository repository;
  private final SessionDevicesRepository devices;
  private final MeterRegistry meters;
  private final Clock clock;
  private final Cache<UUID, Boolean> judged =
      Caffeine.newBuilder().maximumSize(SIZE).expireAfterWrite(Duration.ofSeconds(10)).build();

  LostSessions(
      LostSessionRepository repository,
      SessionDevicesRepository devices,
      MeterRegistry meters,
      Clock clock) {
    this.repository = repository;
    this.devices = devices;
    this.meters = meters;
    this.clock = clock;
  }

  /// True if the missing row is a loss; false if the session ended long ago, or an admin accepted
  /// the loss.
  boolean isLoss(KnownToken token) throws SQLException {
    var session = token.session();
    var issuedAt = token.issuedAt();
    if (issuedAt.plus(Retention.ENDED_SESSION).isBefore(clock.instant())) {
      // The age of a token that never expires tells nothing about its session's.
      return token.expiresAt() == null && devices.hasUnacceptedLoss();
    }
    var known = judged.getIfPresent(session);
    if (known != null) {
      return known;
    }
    boolean loss = repository.note(session, issuedAt, clock.instant());
    judged.put(session, loss);
    if (loss) {
      meters.counter("latchkey.sessions.lost").increment();
      LOG.errorf(
          "a genuine token of session %s, issued %s, has no session in this database: is it the"
              + " right one, and up to date? `latchkey manage accept-loss` gives such sessions up",
          session, issuedAt);
    }
    return loss;
  }
}
