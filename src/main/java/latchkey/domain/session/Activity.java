package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// When, from where and by which program each session was last used, until that is written down. It
/// is merged here, so that a session costs one write a round however often it is used.
@Singleton
public class Activity {
  /// Closer together than this, uses without an address or a program tell nothing new.
  private static final Duration RESOLUTION = Duration.ofSeconds(1);

  /// While the database is away no more sessions than this are remembered.
  private static final int MOST = 200_000;

  /// The last that was seen of each.
  record Seen(Instant at, @Nullable String ipAddress, @Nullable String userAgent) {
    Seen and(Seen other) {
      var later = other.at.isBefore(at) ? this : other;
      var earlier = later == this ? other : this;
      return new Seen(
          later.at,
          later.ipAddress == null ? earlier.ipAddress : later.ipAddress,
          later.userAgent == null ? earlier.userAgent : later.userAgent);
    }
  }

  private final Map<SessionKind, Map<UUID, Seen>> pending = new EnumMap<>(SessionKind.class);

  public Activity() {
    for (var kind : SessionKind.values()) {
      pending.put(kind, new ConcurrentHashMap<>());
    }
  }

  /// A session was used on somebody's behalf, as by a homeserver that asks about a token.
  public void used(SessionKind kind, UUID session, Instant at) {
    var known = of(kind).get(session);
    if (known == null || known.at().plus(RESOLUTION).isBefore(at)) {
      used(kind, session, at, null, null);
    }
  }

  /// A session was used by its holder.
  public void used(
      SessionKind kind,
      UUID session,
      Instant at,
      @Nullable String ipAddress,
      @Nullable String userAgent) {
    var seen = of(kind);
    if (seen.size() < MOST) {
      seen.merge(session, new Seen(at, ipAddress, userAgent), Seen::and);
    }
  }

  /// When a session was last seen here, if that is not written down yet.
  @Nullable Instant lastSeen(SessionKind kind, UUID session) {
    var seen = of(kind).get(session);
    return seen == null ? null : seen.at();
  }

  /// How many sessions wait to be written.
  int waiting() {
    return pending.values().stream().mapToInt(Map::size).sum();
  }

  /// What is to be written now. It stays until [#written] says otherwise.
  Map<UUID, Seen> snapshot(SessionKind kind) {
    return new HashMap<>(of(kind));
  }

  /// These are written; what was seen meanwhile stays.
  void written(SessionKind kind, Map<UUID, Seen> done) {
    done.forEach(of(kind)::remove);
  }

  private Map<UUID, Seen> of(SessionKind kind) {
    return java.util.Objects.requireNonNull(pending.get(kind));
  }
}
