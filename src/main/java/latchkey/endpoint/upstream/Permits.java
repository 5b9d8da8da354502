package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import latchkey.base.error.DomainProblem;
import latchkey.base.limit.RateLimit;
import latchkey.base.limit.RateLimiter;
import latchkey.base.limit.RateLimiter.Verdict;
import latchkey.base.limit.RateLimitingConfig;
import latchkey.base.limit.Subnets;
import latchkey.base.web.Requester;

/// How often an address may set out for a provider and come back: each way costs a row or a call to
/// the provider, and anybody can ask for it.
@Singleton
class Permits {
  private final RateLimiter limiter;
  private final RateLimit limit;

  Permits(RateLimiter limiter, RateLimitingConfig limits) {
    this.limiter = limiter;
    this.limit = limits.upstream();
  }

  /// @throws DomainProblem rate limited
  void require(Requester requester) {
    if (limiter.take(limit, Subnets.of(requester.ipAddress()))
        instanceof Verdict.Refused(var retryAfter)) {
      throw DomainProblem.rateLimited(
          retryAfter, "Too many ways to a provider were begun from this address.");
    }
  }
}
