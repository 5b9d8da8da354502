package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import latchkey.base.job.NotNow;
import latchkey.base.system.Ids;
import latchkey.domain.homeserver.HomeserverProblem;
import org.jboss.logging.Logger;

/// Whoever changes a user's devices on the homeserver holds the user's lease meanwhile, so that a
/// clean-up never removes what a login is just creating. No connection is held while waiting or
/// while calling out.
@Singleton
public class UserLease {
  private static final Logger LOG = Logger.getLogger(UserLease.class);

  /// Longer than any call to the homeserver may take.
  static final Duration LENGTH = Duration.ofSeconds(40);

  private static final Duration PAUSE = Duration.ofMillis(50);

  /// The lease was not to be had in time.
  public static final class Busy extends NotNow {
    Busy() {
      super("somebody else is changing this user's devices");
    }
  }

  /// What is done while holding the lease.
  public interface Work<E extends Exception> {
    void run() throws E;
  }

  private final UserLeaseRepository leases;
  private final Clock clock;
  private final Ids ids;

  public UserLease(UserLeaseRepository leases, Clock clock, Ids ids) {
    this.leases = leases;
    this.clock = clock;
    this.ids = ids;
  }

  /// Takes the lease, waiting up to `patience`, does the work, and lets go whatever happens. For
  /// work that takes no device away.
  public <E extends Exception> void holding(UUID user, Duration patience, Work<E> work)
      throws SQLException, Busy, InterruptedException, E {
    var holder = ids.next(clock.instant());
    take(user, holder, patience, LENGTH);
    try {
      work.run();
    } finally {
      release(user, holder);
    }
  }

  /// The same for work that takes devices away: if we stop waiting for the homeserver, it may still
  /// be at it, and must not meet a login that comes next. That lease is left to its deadline.
  public <E extends Exception> void holdingUntilSettled(UUID user, Duration patience, Work<E> work)
      throws SQLException, Busy, InterruptedException, E {
    holdingUntilSettled(user, patience, LENGTH, work);
  }

  /// The same for work that may take until `length`, which is longer than any call in it may take.
  public <E extends Exception> void holdingUntilSettled(
      UUID user, Duration patience, Duration length, Work<E> work)
      throws SQLException, Busy, InterruptedException, E {
    var holder = ids.next(clock.instant());
    take(user, holder, patience, length);
    boolean settled = true;
    try {
      work.run();
    } catch (HomeserverProblem e) {
      settled = e.kind() != HomeserverProblem.Kind.TIMEOUT;
      throw e;
    } finally {
      if (settled && !Thread.currentThread().isInterrupted()) {
        release(user, holder);
      }
    }
  }

  private void take(UUID user, UUID holder, Duration patience, Duration length)
      throws SQLException, Busy, InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      var now = clock.instant();
      if (leases.take(user, holder, now, now.plus(length))) {
        return;
      }
      if (System.nanoTime() >= until) {
        throw new Busy();
      }
      Thread.sleep(PAUSE);
    }
  }

  private void release(UUID user, UUID holder) {
    try {
      leases.release(user, holder);
    } catch (SQLException e) {
      LOG.debugf("a user lease is left to its deadline: %s", e.getMessage());
    }
  }
}
