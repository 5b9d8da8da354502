package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.base.job.RecurringJob;
import org.jboss.logging.Logger;

/// Ends OAuth sessions whose time is over, and takes their devices with them. Goes through all live
/// ones by their ids, a part at a time: when a session was last used has no index. What is over is
/// of no use to anybody already, so the rows and the devices, each a request to the homeserver,
/// have time: right after this was turned on there may be very many.
@Singleton
class ExpireSessions implements RecurringJob {
  private static final Logger LOG = Logger.getLogger(ExpireSessions.class);

  /// Ended in one transaction.
  private static final int AT_ONCE = 100;

  /// Ended in one round.
  static final int MOST = 10_000;

  private static final UUID BEGINNING = new UUID(0, 0);
  private static final Duration KEEP_REPLICAS = Duration.ofDays(30);

  private final SessionExpiry expiry;
  private final SessionTokensRepository sessions;
  private final EndSession endSession;
  private final ReplicaRepository replicas;
  private final Clock clock;
  private final Outages outages;
  private volatile UUID after = BEGINNING;

  /// In this round, by the one replica whose round it is.
  private final AtomicInteger ended = new AtomicInteger();

  ExpireSessions(
      SessionExpiry expiry,
      SessionTokensRepository sessions,
      EndSession endSession,
      ReplicaRepository replicas,
      Outages outages,
      Clock clock) {
    this.expiry = expiry;
    this.sessions = sessions;
    this.endSession = endSession;
    this.replicas = replicas;
    this.outages = outages;
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
    if (after.equals(BEGINNING)) {
      replicas.forget(clock.instant().minus(KEEP_REPLICAS));
      outages.forget(expiry.longestIdle());
    }
    if (!expiry.isOn()) {
      return false;
    }
    var page = sessions.live(after, BATCH);
    var over = new EnumMap<FinishReason, List<UUID>>(FinishReason.class);
    for (var session : page) {
      expiry
          .of(session)
          .ifPresent(
              reason -> over.computeIfAbsent(reason, _ -> new ArrayList<>()).add(session.id()));
    }
    over.forEach(this::end);
    after = page.size() < BATCH ? BEGINNING : page.getLast().id();
    boolean more = page.size() == BATCH && ended.get() < MOST;
    if (!more) {
      ended.set(0);
    }
    return more;
  }

  private void end(FinishReason reason, List<UUID> ids) {
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      var some = ids.subList(from, Math.min(from + AT_ONCE, ids.size()));
      if (!tryToEnd(reason, some)) {
        some.forEach(id -> tryToEnd(reason, List.of(id)));
      }
    }
  }

  /// One that cannot be ended keeps no other from it; the next time round it is tried again.
  private boolean tryToEnd(FinishReason reason, List<UUID> ids) {
    try {
      ended.addAndGet(endSession.handleAll(ids, reason));
      return true;
    } catch (RuntimeException e) {
      if (ids.size() == 1) {
        LOG.warnf("session %s is over (%s) and could not be ended: %s", ids, reason.text(), e);
      }
      return false;
    }
  }
}
