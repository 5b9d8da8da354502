package latchkey.domain.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import latchkey.base.error.OAuthProblem;
import latchkey.base.limit.RateLimit;
import latchkey.base.limit.RateLimiter;
import latchkey.base.limit.RateLimiter.Verdict;
import latchkey.base.limit.RateLimitingConfig;
import latchkey.base.limit.Subnets;
import latchkey.base.system.Turns;
import org.jspecify.annotations.Nullable;

/// Counts wrong proofs of a client from an address. Who has sent too many is told to come back
/// later (503, never 429: `design.md` 3.5) without being judged. A proof that is right asks no
/// database for it: the count is shared by all replicas, and what it came to is remembered by the
/// replica that was told.
///
/// Secrets of one client from one address are judged one after the other, and a wrong one is
/// counted before the next is looked at: however many arrive at once, no more are judged than there
/// are permits, and one more for each further replica.
@Singleton
class SecretGuesses {
  private static final int MOST = 10_000;

  /// How long a proof waits for its turn: judging takes no time, but for counting a wrong one and
  /// noting an assertion that was used.
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private record Guesser(UUID client, String place) {}

  private final RateLimiter limiter;
  private final RateLimit limit;
  private final Clock clock;
  private final Cache<Guesser, Instant> shutUntil = Caffeine.newBuilder().maximumSize(MOST).build();
  private final Turns<Guesser> turns = new Turns<>();

  SecretGuesses(RateLimiter limiter, RateLimitingConfig limits, Clock clock) {
    this.limiter = limiter;
    this.limit = limits.clientAuthentication();
    this.clock = clock;
  }

  /// Whether the proof is right.
  ///
  /// @throws OAuthProblem in place of an answer, if there were too many wrong ones
  boolean judge(ClientView client, @Nullable String ipAddress, BooleanSupplier proof) {
    var guesser = new Guesser(client.id(), Subnets.of(ipAddress));
    if (!AuthMethod.needsSecret(client.metadata().authMethod())) {
      // A signature by the client's own key is not found by trying many at once, and its keys may
      // have to be fetched first.
      return judge(guesser, proof);
    }
    try (var _ = turns.take(guesser, PATIENCE).orElseThrow(SecretGuesses::busy)) {
      return judge(guesser, proof);
    }
  }

  private boolean judge(Guesser guesser, BooleanSupplier proof) {
    requireOpen(guesser);
    boolean right = proof.getAsBoolean();
    if (!right) {
      count(guesser);
    }
    return right;
  }

  private void requireOpen(Guesser guesser) {
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

  private void count(Guesser guesser) {
    if (limiter.take(limit, guesser.client().toString(), guesser.place())
        instanceof Verdict.Refused(var retryAfter)) {
      shutUntil.put(guesser, clock.instant().plus(retryAfter));
      throw shut(retryAfter);
    }
  }

  private static OAuthProblem busy() {
    return OAuthProblem.temporarilyUnavailable(
        Duration.ofSeconds(1), "others prove this client from this address");
  }

  private static OAuthProblem shut(Duration wait) {
    return OAuthProblem.temporarilyUnavailable(
        wait, "too many wrong proofs of this client from this address");
  }
}
