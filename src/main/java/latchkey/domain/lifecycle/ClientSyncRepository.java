package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.crypto.Encryption;
import latchkey.base.database.Transactions;
import latchkey.base.job.Jobs;
import latchkey.base.system.Ids;
import latchkey.domain.client.ClientsConfig.StaticClient;
import latchkey.domain.client.StaticClientRepository;
import latchkey.domain.session.ClientSessionsRepository;

/// Brings the clients of the configuration into the database, all in one transaction and one
/// process at a time (`configuration.md` 21).
@Singleton
public class ClientSyncRepository {
  /// What becomes of a client.
  public enum Act {
    ADDED,
    UPDATED,
    UNCHANGED,
    /// Not in the configuration, and left alone.
    LEFT,
    DELETED
  }

  /// @param endedSessions how many live sessions end with the client
  public record Change(UUID client, Act act, int endedSessions) {}

  private final DataSource database;
  private final StaticClientRepository clients;
  private final ClientSessionsRepository sessions;
  private final Clock clock;

  public ClientSyncRepository(DataSource database, Encryption encryption, Clock clock, Ids ids) {
    this.database = database;
    this.clients = new StaticClientRepository(encryption);
    this.sessions = new ClientSessionsRepository(new Jobs(database, clock, ids));
    this.clock = clock;
  }

  /// @param prune whether clients of earlier configurations are deleted, with their sessions
  /// @param dryRun do it all and take it back, only to tell
  public List<Change> sync(List<StaticClient> configured, boolean prune, boolean dryRun)
      throws SQLException {
    return Transactions.call(
        database,
        connection -> {
          var changes = sync(connection, configured, prune);
          if (dryRun) {
            connection.rollback();
          }
          return changes;
        });
  }

  private List<Change> sync(Connection connection, List<StaticClient> configured, boolean prune)
      throws SQLException {
    try (var statement = connection.prepareStatement(ProviderSyncRepository.LOCK)) {
      statement.execute();
    }
    var now = clock.instant();
    var changes = new ArrayList<Change>();
    for (var client : configured) {
      var act =
          switch (clients.store(connection, client, now)) {
            case ADDED -> Act.ADDED;
            case UPDATED -> Act.UPDATED;
            case UNCHANGED -> Act.UNCHANGED;
          };
      changes.add(new Change(client.id(), act, 0));
    }
    var ids = configured.stream().map(StaticClient::id).toList();
    for (var other : clients.others(connection, ids)) {
      changes.add(prune ? delete(connection, other) : new Change(other, Act.LEFT, 0));
    }
    return changes;
  }

  private Change delete(Connection connection, UUID client) throws SQLException {
    clients.lock(connection, client);
    int ended = sessions.remove(connection, client, clock.instant());
    clients.delete(connection, client);
    return new Change(client, Act.DELETED, ended);
  }
}
