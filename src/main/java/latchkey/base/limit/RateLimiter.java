package latchkey.base.limit;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import latchkey.base.database.SqlTrouble;
import latchkey.base.error.DomainProblem;
import org.jboss.logging.Logger;

/// Asks whether something may be done once more, for all replicas together. Call it outside of a
/// transaction: what is counted must not be rolled back with what it was for.
///
/// While the database is away, or takes no writes, nothing that is limited goes on: who asked is
/// told 503. Any other failure is thrown.
@Singleton
public class RateLimiter {
  private static final Logger LOG = Logger.getLogger(RateLimiter.class);

  /// A permit that comes back while we ask when it will is asked for again.
  private static final int TRIES = 3;

  private static final Duration COME_BACK = Duration.ofSeconds(5);

  /// What a check comes to.
  public sealed interface Verdict {
    record Allowed() implements Verdict {}

    /// @param retryAfter whole milliseconds after which, by the database's clock, the same is
    ///   allowed, if nobody else was faster; at least one
    record Refused(Duration retryAfter) implements Verdict {}
  }

  private interface Question<T> {
    T ask() throws SQLException;
  }

  private final RateLimitRepository rateLimits;
  private final RateLimitKeys keys;
  private final MeterRegistry meters;

  RateLimiter(RateLimitRepository rateLimits, RateLimitKeys keys, MeterRegistry meters) {
    this.rateLimits = rateLimits;
    this.keys = keys;
    this.meters = meters;
  }

  /// Takes a permit of this limit, if there is one.
  ///
  /// @param subject who or what is counted, such as an address; never seen in clear anywhere
  ///
  /// @throws DomainProblem unavailable, if nobody can say
  public Verdict take(RateLimit limit, String... subject) {
    var key = keys.of(limit.name(), List.of(subject));
    try {
      var verdict = take(key, limit);
      switch (verdict) {
        case Verdict.Allowed _ -> count(limit, "allowed");
        case Verdict.Refused(var retryAfter) -> {
          count(limit, "refused");
          LOG.infof(
              "refused by the limit %s, open again in %d ms", limit.name(), retryAfter.toMillis());
        }
      }
      return verdict;
    } catch (SQLException e) {
      requirePassing(e);
      count(limit, "unknown");
      throw DomainProblem.unavailable(
          COME_BACK, "The database cannot be reached at the moment.", e);
    }
  }

  /// Gives back what [#take] took.
  public void giveBack(RateLimit limit, String... subject) {
    ask(
        () -> {
          rateLimits.giveBack(keys.of(limit.name(), List.of(subject)), limit);
          return true;
        });
  }

  /// Keeps in mind, for so long after the last time, that there was such a thing.
  ///
  /// @param name what it is; no limit is called like it
  public void remember(String name, Duration time, String... subject) {
    ask(
        () -> {
          rateLimits.remember(keys.of(name, List.of(subject)), time);
          return true;
        });
  }

  /// Whether that was kept in mind. A crash of the database forgets it.
  public boolean remembers(String name, String... subject) {
    return ask(() -> rateLimits.remembers(keys.of(name, List.of(subject))));
  }

  private Verdict take(byte[] key, RateLimit limit) throws SQLException {
    for (int i = 0; i < TRIES; i++) {
      if (rateLimits.take(key, limit)) {
        return new Verdict.Allowed();
      }
      var wait = rateLimits.untilNext(key, limit);
      if (wait.isPresent()) {
        return new Verdict.Refused(wait.get());
      }
    }
    return new Verdict.Refused(Duration.ofMillis(1));
  }

  /// False while the database is away.
  private static boolean ask(Question<Boolean> question) {
    try {
      return question.ask();
    } catch (SQLException e) {
      requirePassing(e);
      return false;
    }
  }

  /// Agroal's own trouble has no state.
  private static void requirePassing(SQLException e) {
    if (e.getSQLState() != null && !SqlTrouble.isPassing(e)) {
      throw new IllegalStateException("a rate limit could not be checked", e);
    }
  }

  private void count(RateLimit limit, String outcome) {
    meters
        .counter("latchkey.rate.limit.checks", "limit", limit.name(), "outcome", outcome)
        .increment();
  }
}
