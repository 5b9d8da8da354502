package latchkey.cli;

import io.vertx.core.json.JsonObject;
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
import latchkey.domain.audit.AuditEventRepository;
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
  private final AuditEventRepository audit;

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
    var ids = new Ids(new Randomness());
    this.accounts = new UserAccountRepository(source, clock, ids);
    this.audit = new AuditEventRepository(source, clock, ids);
  }

  Queue queue() {
    return queue;
  }

  /// Drops those of the jobs that do not run at this moment, and leaves a note of it; answers how
  /// many that were.
  int drop(Queue.Found found) throws SQLException {
    int count = queue.drop(found);
    var kinds = new JsonObject();
    found.kinds().forEach(kind -> kinds.put(kind, kinds.getInteger(kind, 0) + 1));
    audit.appendByAdmin("jobs_dropped", new JsonObject().put("jobs", count).put("chosen", kinds));
    return count;
  }

  /// Has jobs tried again now, and leaves a note of it; answers how many.
  int retry(Queue.Choice choice) throws SQLException {
    int count = queue.retry(choice);
    audit.appendByAdmin("jobs_retried", new JsonObject().put("jobs", count));
    return count;
  }

  UUID requireUser(String username) throws Refused, SQLException {
    return accounts.find(username).orElseThrow(() -> new Refused("there is no user " + username));
  }

  /// The names of those of the ids that are accounts.
  Map<UUID, String> usernames(Collection<UUID> ids) throws SQLException {
    return accounts.usernames(ids);
  }
}
