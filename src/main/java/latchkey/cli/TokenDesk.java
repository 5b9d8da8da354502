package latchkey.cli;

import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Configuration;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.DirectDataSource;
import latchkey.base.job.Jobs;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverHealth;
import latchkey.domain.homeserver.HomeserverProblem;
import latchkey.domain.homeserver.Homeservers;
import latchkey.domain.homeserver.MatrixConfig;
import latchkey.domain.session.SyncDevicesJob;
import latchkey.domain.token.OperatorSessionRepository;
import latchkey.domain.token.OperatorSessionRepository.Ended;
import latchkey.domain.token.OperatorSessionRepository.NoKey;
import latchkey.domain.token.OperatorSessionRepository.Wanted;
import latchkey.domain.token.SecretsConfig;
import latchkey.domain.token.TokenKeys;
import latchkey.domain.token.TokensConfig;
import latchkey.domain.user.UserAccountRepository;
import latchkey.domain.user.UserLease;
import latchkey.domain.user.UserLeaseRepository;
import org.jspecify.annotations.Nullable;

/// Makes tokens for an operator: as a legacy login would, but without a password.
final class TokenDesk {
  private static final Duration HOMESERVER_DEADLINE = Duration.ofSeconds(10);
  private static final Duration LEASE_PATIENCE = Duration.ofSeconds(15);
  private static final int DEVICE_ID_LENGTH = 10;

  /// A request that cannot be carried out, in words for the admin.
  static final class Refused extends Exception {
    Refused(String message) {
      super(message);
    }
  }

  record Issued(String matrixId, String device, Secret token) {}

  private final Homeserver homeserver;
  private final UserAccountRepository accounts;
  private final OperatorSessionRepository sessions;
  private final UserLease leases;
  private final Jobs jobs;
  private final DatabaseClock clock = new DatabaseClock();
  private final Randomness randomness = new Randomness();
  private final Ids ids = new Ids(randomness);

  /// @throws SQLException the database could not be asked for the time, which counts, not this
  ///   machine's
  TokenDesk(Latchkey latchkey, Configuration configuration) throws SQLException {
    var root = configuration.root(true);
    var database = DatabaseConfig.read(root, latchkey.environment());
    var matrix = MatrixConfig.read(root);
    var secrets = SecretsConfig.read(root);
    var tokens = TokensConfig.read(root);
    if (!root.faults().errors().isEmpty()) {
      throw new BadConfiguration(root.faults().errors());
    }
    var source = new DirectDataSource(database);
    source.tellTime(clock);
    this.homeserver = Homeservers.of(matrix, HOMESERVER_DEADLINE, new HomeserverHealth(clock));
    this.accounts = new UserAccountRepository(source, clock, ids);
    this.sessions =
        new OperatorSessionRepository(
            source, new TokenKeys(tokens.keys(secrets.encryption())), clock, ids);
    this.leases = new UserLease(new UserLeaseRepository(source), clock, ids);
    this.jobs = new Jobs(source, clock, ids);
  }

  /// @param device null for a new one
  Issued issue(String username, @Nullable String device, boolean admin)
      throws Refused, SQLException {
    var account =
        accounts
            .findActive(username)
            .orElseThrow(() -> new Refused("there is no active user " + username));
    var now = clock.instant();
    var wanted =
        new Wanted(
            ids.next(now),
            randomness.nextLong(),
            account.id(),
            device == null ? randomness.alphanumeric(DEVICE_ID_LENGTH) : device,
            admin);
    try {
      sessions.begin(wanted, now);
      announce(account.id(), account.username(), wanted);
      var token = sessions.open(wanted, clock.instant());
      return new Issued(homeserver.matrixId(account.username()).toString(), wanted.device(), token);
    } catch (NoKey | Ended e) {
      // The device may have been made already.
      fail(account.id(), wanted);
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }

  /// First the homeserver; if that fails, nothing is left but a job that looks what is true there.
  private void announce(UUID user, String username, Wanted wanted) throws Refused, SQLException {
    try {
      leases.holding(
          user, LEASE_PATIENCE, () -> homeserver.upsertDevice(username, wanted.device(), null));
    } catch (HomeserverProblem | UserLease.Busy e) {
      fail(user, wanted);
      throw new Refused("the device could not be made: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(user, wanted);
      throw new Refused("interrupted");
    }
  }

  private void fail(UUID user, Wanted wanted) throws SQLException {
    sessions.giveUp(wanted.session(), clock.instant());
    jobs.schedule(SyncDevicesJob.KIND, user);
  }
}
