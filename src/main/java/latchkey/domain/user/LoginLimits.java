package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import latchkey.base.limit.RateLimit;
import latchkey.base.limit.RateLimiter;
import latchkey.base.limit.RateLimiter.Verdict;
import latchkey.base.limit.RateLimitingConfig;
import latchkey.base.limit.Subnets;

/// How often a password may be tried (`matrix-compat.md` 11), asked before any work is done for it.
/// Unknown names are counted as known ones are.
///
/// A stranger needs a permit of the address, then one of account and address together, one of
/// account and network, then one of the account. The last can be used up by others, so it never
/// stands in the way of the account's own people: a browser in which it was signed in to has a
/// count of its own and needs no other permit, and from an address where it was signed in to lately
/// the account's is not needed. One network alone cannot use it up.
@Singleton
class LoginLimits {
  private static final String FAMILIAR = "familiar-address";
  private static final Duration FAMILIAR_FOR = Duration.ofDays(30);

  /// A home has 256 or more /64: what one network may spend of an account's permits.
  private static final RateLimit NETWORK =
      new RateLimit("latchkey.rate_limiting.login.per_account_and_network", 60, 0.1);

  /// So that a collection of cookies is worth no more than a few. Beyond it they are strangers.
  private static final RateLimit KNOWN_TOGETHER =
      new RateLimit("latchkey.rate_limiting.login.known_browsers_together", 60, 1.0 / 3);

  /// A database folds some letters of other scripts to ASCII and Java does not, so that names with
  /// such letters would have counts of their own. They share one.
  private static final String NOT_ASCII = "not ascii";

  /// Whether a password may be tried.
  sealed interface Admission {
    /// @param place the address, as it is counted
    /// @param network what the address belongs to, as it is counted
    record Stranger(String account, String place, String network) implements Admission {}

    record Known(String account, String place, String browser) implements Admission {}

    record Refused(Duration retryAfter) implements Admission {}
  }

  private final RateLimiter limiter;
  private final RateLimitingConfig.Login limits;
  private final Clock clock;

  LoginLimits(RateLimiter limiter, RateLimitingConfig config, Clock clock) {
    this.limiter = limiter;
    this.limits = config.login();
    this.clock = clock;
  }

  /// @param name as it was typed, without what says that it is of this server
  Admission admit(String name, LoginOrigin origin) {
    var account = account(name);
    var place = Subnets.of(origin.ipAddress());
    if (origin.browser().knows(name, clock.instant())
        && limiter.take(KNOWN_TOGETHER, account) instanceof Verdict.Allowed) {
      return limiter.take(limits.knownBrowser(), account, origin.browser().id())
              instanceof Verdict.Refused(var retryAfter)
          ? new Admission.Refused(retryAfter)
          : new Admission.Known(account, place, origin.browser().id());
    }
    return admitStranger(account, origin);
  }

  private static String account(String name) {
    return name.chars().allMatch(c -> c < 0x80) ? name.toLowerCase(Locale.ROOT) : NOT_ASCII;
  }

  /// For a secret that cannot be guessed: only the address is asked for a permit, so that no
  /// stranger stands in the way.
  ///
  /// @return how long to wait, if there is none
  Optional<Duration> admitAddress(LoginOrigin origin) {
    return limiter.take(limits.perIp(), Subnets.of(origin.ipAddress()))
            instanceof Verdict.Refused(var retryAfter)
        ? Optional.of(retryAfter)
        : Optional.empty();
  }

  private Admission admitStranger(String account, LoginOrigin origin) {
    var place = Subnets.of(origin.ipAddress());
    var network = Subnets.networkOf(origin.ipAddress());
    if (!origin.admitted()
        && limiter.take(limits.perIp(), place) instanceof Verdict.Refused(var retryAfter)) {
      return new Admission.Refused(retryAfter);
    }
    if (limiter.take(limits.perAccountAndIp(), account, place)
        instanceof Verdict.Refused(var retryAfter)) {
      return new Admission.Refused(retryAfter);
    }
    if (limiter.take(NETWORK, account, network) instanceof Verdict.Refused(var retryAfter)) {
      return new Admission.Refused(retryAfter);
    }
    if (limiter.take(limits.perAccount(), account) instanceof Verdict.Refused(var retryAfter)
        && !limiter.remembers(FAMILIAR, account, place)) {
      return new Admission.Refused(retryAfter);
    }
    return new Admission.Stranger(account, place, network);
  }

  /// After the right password: it was no guess, and its address is one of the account's own.
  void proven(Admission admission) {
    switch (admission) {
      case Admission.Stranger(var account, var place, var network) -> {
        limiter.giveBack(limits.perAccountAndIp(), account, place);
        limiter.giveBack(NETWORK, account, network);
        limiter.remember(FAMILIAR, FAMILIAR_FOR, account, place);
      }
      case Admission.Known(var account, var place, var browser) -> {
        limiter.giveBack(limits.knownBrowser(), account, browser);
        limiter.giveBack(KNOWN_TOGETHER, account);
        limiter.remember(FAMILIAR, FAMILIAR_FOR, account, place);
      }
      case Admission.Refused _ -> {}
    }
  }
}
