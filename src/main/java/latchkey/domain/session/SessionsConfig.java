package latchkey.domain.session;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;

/// How many sessions there may be and how long they live: the rest of the section `experimental`
/// (`configuration.md` 20), and `latchkey.session_expiry`.
///
/// @param dynamicClients for sessions of clients that registered themselves
/// @param staticClients for sessions of clients of the configuration
/// @param compat for sessions of the legacy login
public record SessionsConfig(
    Optional<SessionLimit> limit,
    Lifetime browser,
    Lifetime dynamicClients,
    Lifetime staticClients,
    Lifetime compat) {
  /// @param idle ends after not being used for so long
  /// @param absolute ends after so long, used or not
  public record Lifetime(Optional<Duration> idle, Optional<Duration> absolute) {
    boolean isLimited() {
      return idle.isPresent() || absolute.isPresent();
    }
  }

  /// `inactive_session_expiration`: which sessions end after not being used for so long.
  private record IdleExpiry(
      Duration after, boolean oauthSessions, boolean userSessions, boolean compatSessions) {}

  /// `session_limit`.
  ///
  /// @param soft from here on people are told
  /// @param hard more than this many there are not
  /// @param threshold whoever has more than this many is left alone
  /// @param evicts whether the oldest goes for a new one
  public record SessionLimit(long soft, long hard, Optional<Long> threshold, boolean evicts) {
    /// As rules see it.
    public Map<String, Object> data() {
      var data = new LinkedHashMap<String, Object>();
      data.put("soft_limit", soft);
      data.put("hard_limit", hard);
      threshold.ifPresent(most -> data.put("max_session_threshold", most));
      data.put("dangerous_hard_limit_eviction", evicts);
      return data;
    }
  }

  private static final Kind<Long> COUNT = Kind.integer(1, Integer.MAX_VALUE);

  /// Below that, what is remembered of a session would have to be asked for again and again.
  private static final int MIN_IDLE_SECONDS = 600;

  private static final int MAX_SECONDS = 1_000_000_000;

  public static SessionsConfig read(Section root) {
    var experimental = root.section("experimental");
    var section = experimental.section("inactive_session_expiration");
    var idle =
        experimental.has("inactive_session_expiration")
            ? Optional.of(idleExpiry(section))
            : Optional.<IdleExpiry>empty();
    var limit = experimental.section("session_limit");
    var expiry = root.section("latchkey").section("session_expiry");
    return new SessionsConfig(
        experimental.has("session_limit") ? Optional.of(limit(limit)) : Optional.empty(),
        lifetime(expiry.section("browser"), idle.filter(IdleExpiry::userSessions)),
        lifetime(expiry.section("dynamic_clients"), idle.filter(IdleExpiry::oauthSessions)),
        lifetime(expiry.section("static_clients"), Optional.empty()),
        lifetime(expiry.section("compat"), idle.filter(IdleExpiry::compatSessions)));
  }

  /// @param inherited what `inactive_session_expiration` says of this kind
  private static Lifetime lifetime(Section section, Optional<IdleExpiry> inherited) {
    return new Lifetime(
        section
            .value("idle", Kind.seconds(MIN_IDLE_SECONDS, MAX_SECONDS))
            .map(Duration::ofSeconds)
            .or(() -> inherited.map(IdleExpiry::after)),
        section.value("absolute", Kind.seconds(1, MAX_SECONDS)).map(Duration::ofSeconds));
  }

  private static IdleExpiry idleExpiry(Section idle) {
    return new IdleExpiry(
        Duration.ofSeconds(idle.require("ttl", Kind.seconds(1, MAX_SECONDS), 1L)),
        idle.bool("expire_oauth_sessions", true),
        idle.bool("expire_user_sessions", true),
        idle.bool("expire_compat_sessions", true));
  }

  private static SessionLimit limit(Section section) {
    var limit =
        new SessionLimit(
            section.require("soft_limit", COUNT, 1L),
            section.require("hard_limit", COUNT, Long.MAX_VALUE),
            section.value("max_session_threshold", COUNT),
            section.bool("dangerous_hard_limit_eviction", false));
    section.rule("hard_limit", limit.hard >= limit.soft, "must not be below soft_limit");
    section.rule(
        "dangerous_hard_limit_eviction",
        !limit.evicts || limit.hard >= 2,
        "needs a hard_limit of 2 or more");
    return limit;
  }
}
