package latchkey.domain.session;

import java.time.Duration;
import java.util.Optional;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;

/// How many sessions there may be and how long an idle one lives: the rest of the section
/// `experimental` (`configuration.md` 20).
public record SessionsConfig(Optional<IdleExpiry> idleExpiry, Optional<SessionLimit> limit) {
  /// `inactive_session_expiration`: which sessions end after not being used for so long.
  public record IdleExpiry(
      Duration after, boolean compatSessions, boolean oauthSessions, boolean userSessions) {}

  /// `session_limit`.
  ///
  /// @param soft from here on people are told
  /// @param hard more than this many there are not
  /// @param threshold whoever has more than this many is left alone
  /// @param evicts whether the oldest goes for a new one
  public record SessionLimit(long soft, long hard, Optional<Long> threshold, boolean evicts) {}

  private static final Kind<Long> COUNT = Kind.integer(1, Integer.MAX_VALUE);
  private static final int MAX_SECONDS = 1_000_000_000;

  public static SessionsConfig read(Section root) {
    var experimental = root.section("experimental");
    experimental.later("inactive_session_expiration", "session_limit");
    var idle = experimental.section("inactive_session_expiration");
    var limit = experimental.section("session_limit");
    return new SessionsConfig(
        experimental.has("inactive_session_expiration")
            ? Optional.of(idleExpiry(idle))
            : Optional.empty(),
        experimental.has("session_limit") ? Optional.of(limit(limit)) : Optional.empty());
  }

  private static IdleExpiry idleExpiry(Section idle) {
    return new IdleExpiry(
        Duration.ofSeconds(idle.requireInteger("ttl", 1, MAX_SECONDS)),
        idle.bool("expire_compat_sessions", true),
        idle.bool("expire_oauth_sessions", true),
        idle.bool("expire_user_sessions", true));
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
