package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import latchkey.base.database.StaleIfError;
import latchkey.base.system.Ids;

/// Knows for how long a session has been idle. Time in which Latchkey or its database was away does
/// not count, nor does what a replica may have seen and not written down yet. Whoever has not heard
/// from the database lately knows nothing.
@Singleton
public class Outages {
  /// Longer than between two rounds of [ActivityFlush].
  private static final Duration TOLERANCE = Duration.ofMinutes(3);

  /// A use may be noted a little after it was.
  private static final Duration SLACK = Duration.ofSeconds(5);

  /// An admin may allow more later: outages count then too.
  private static final Duration KEEP = Duration.ofDays(90);

  /// When Latchkey or its database was away.
  record Outage(Instant beganAt, Instant endedAt) {}

  private record Known(Instant at, Instant horizon, List<Outage> outages) {}

  private final ReplicaRepository replicas;
  private final Clock clock;
  private final Ids ids;
  private final Duration dead;
  private final UUID replica;
  private volatile Known known = new Known(Instant.EPOCH, Instant.EPOCH, List.of());

  Outages(ReplicaRepository replicas, StaleIfError staleIfError, Clock clock, Ids ids) {
    this.replicas = replicas;
    this.clock = clock;
    this.ids = ids;
    // Cut off from the database it answers for that long, and sees nothing after that.
    this.dead = staleIfError.limit().plus(TOLERANCE);
    this.replica = ids.next(clock.instant());
  }

  /// Everything this replica saw before `begun` is written down.
  void flushed(Instant begun) throws SQLException {
    var now = clock.instant();
    replicas.beat(replica, ids.next(now), begun.minus(SLACK), now, TOLERANCE);
    known = new Known(now, replicas.horizon(now.minus(dead)), replicas.outages());
  }

  /// Everything is written down, and nothing more will be seen here.
  void stopped() throws SQLException {
    if (isFresh(known)) {
      replicas.stop(replica, clock.instant());
    }
  }

  /// Forgets outages so long ago that whoever was last seen before them has been idle for longer
  /// than anybody may be since.
  void forget(Duration longestIdle) throws SQLException {
    var keep = longestIdle.compareTo(KEEP) > 0 ? longestIdle : KEEP;
    var old =
        known.outages().stream()
            .map(Outage::endedAt)
            .filter(end -> idleSince(end).compareTo(keep) >= 0)
            .max(Comparator.naturalOrder());
    if (old.isPresent()) {
      replicas.forgetOutages(old.get());
    }
  }

  /// For how long a session that was last seen then has been idle for sure.
  public Duration idleSince(Instant lastSeen) {
    var current = known;
    if (!isFresh(current) || !lastSeen.isBefore(current.horizon())) {
      return Duration.ZERO;
    }
    var idle = Duration.between(lastSeen, current.horizon());
    var counted = lastSeen;
    for (var outage : current.outages()) {
      var from = later(outage.beganAt(), counted);
      var to = outage.endedAt().isBefore(current.horizon()) ? outage.endedAt() : current.horizon();
      if (from.isBefore(to)) {
        idle = idle.minus(Duration.between(from, to));
        counted = to;
      }
    }
    return idle;
  }

  private boolean isFresh(Known current) {
    return clock.instant().isBefore(current.at().plus(TOLERANCE));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
