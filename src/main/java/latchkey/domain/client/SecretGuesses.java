package latchkey.domain.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import latchkey.base.error.OAuthProblem;
import latchkey.base.limit.RateLimit;
import latchkey.base.limit.RateLimiter;
import latchkey.base.limit.RateLimiter.Verdict;
import latchkey.base.limit.RateLimitingConfig;
import latchkey.base.limit.Subnets;
import org.jspecify.annotations.Nullable;

/// Counts wrong proofs of a client from an address. Who has sent too many is told to come back
/// later (503, never 429: `design.md` 3.5) without being judged. A proof that is right asks no
/// database for it: the count is shared by all replicas, and what it came to is remembered by the
/// replica that was told. So those are judged too that are under way when the last permit is taken,
/// and with many replicas each may judge one guess more a round.
@Singleton
class SecretGuesses {
  private static final int MOST = 10_000;

  private record Guesser(UUID client, String place) {}

  private final RateLimiter limiter;
  private final RateLimit limit;
  private final Clock clock;
  private final Cache<Guesser, Instant> shutUntil = Caffeine.newBuilder().maximumSize(MOST).build();

  SecretGuesses(RateLimiter limiter, RateLimitingConfig limits, Clock clock) {
    this.limiter = limiter;
    this.limit = limits.clientAuthentication();
    this.clock = clock;
  }

  /// @throws OAuthProblem while nothing from that address is judged
  void requireOpen(ClientView client, @Nullable String ipAddress) {
    var guesser = new Guesser(client.id(), Subnets.of(ipAddress));
    var until = shutUntil.getIfPresent(guesser);
    if (until == null) {
      return;
    }
    var wait = Duration.between(clock.instant(), until);
    if (wait.isPositive()) {
      throw shut(wait);
    }
    shutUntil.invalidate(guesser);
  }

  /// @throws OAuthProblem in place of the refusal that says the proof was wrong, if there were too
  ///   many
  void wrong(ClientView client, @Nullable String ipAddress) {
    var guesser = new Guesser(client.id(), Subnets.of(ipAddress));
    if (limiter.take(limit, guesser.client().toString(), guesser.place())
        instanceof Verdict.Refused(var retryAfter)) {
      shutUntil.put(guesser, clock.instant().plus(retryAfter));
      throw shut(retryAfter);
    }
  }

  private static OAuthProblem shut(Duration wait) {
    return OAuthProblem.temporarilyUnavailable(
        wait, "too many wrong proofs of this client from this address");
  }
}
