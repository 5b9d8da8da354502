package latchkey.cli;

import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import latchkey.base.config.BadConfiguration;
import latchkey.base.config.Configuration;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.DirectDataSource;
import latchkey.base.job.Queue;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.user.UserAccountRepository;

/// What the verbs of `jobs` stand on: the queue in the database, and the names of the accounts.
final class JobDesk {
  /// A request that cannot be carried out, in words for the admin.
  static final class Refused extends Exception {
    Refused(String message) {
      super(message);
    }
  }

  private final Queue queue;
  private final UserAccountRepository accounts;

  /// @throws SQLException the database could not be asked for the time, which counts, not this
  ///   machine's
  JobDesk(Latchkey latchkey, Configuration configuration) throws SQLException {
    var root = configuration.root(true);
    var database = DatabaseConfig.read(root, latchkey.environment());
    if (!root.faults().errors().isEmpty()) {
      throw new BadConfiguration(root.faults().errors());
    }
    var source = new DirectDataSource(database);
    var clock = new DatabaseClock();
    source.tellTime(clock);
    this.queue = new Queue(source, clock);
    this.accounts = new UserAccountRepository(source, clock, new Ids(new Randomness()));
  }

  Queue queue() {
    return queue;
  }

  UUID requireUser(String username) throws Refused, SQLException {
    return accounts.find(username).orElseThrow(() -> new Refused("there is no user " + username));
  }

  /// The names of those of the ids that are accounts.
  Map<UUID, String> usernames(Collection<UUID> ids) throws SQLException {
    return accounts.usernames(ids);
  }
}
