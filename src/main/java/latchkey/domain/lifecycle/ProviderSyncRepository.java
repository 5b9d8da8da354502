package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.database.Transactions;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.upstream.ProviderConfig;

/// Brings the providers of the configuration into the table `upstream_providers`, all in one
/// transaction and one process at a time (`configuration.md` 21).
@Singleton
public class ProviderSyncRepository {
  /// What becomes of a provider.
  public enum Act {
    ADDED,
    UPDATED,
    UNCHANGED,
    /// Not in the configuration, or disabled there: nobody signs in through it, links stay.
    DISABLED,
    DELETED
  }

  /// @param loss what goes with the provider, or rests with it
  public record Change(UUID provider, Act act, Loss loss) {}

  /// @param people how many have a link of the provider
  /// @param held the names of those whose accounts are locked because it did not know them any more
  /// @param admins how many are admins no more, because only it gave them that right
  public record Loss(int people, List<String> held, int admins) {
    static final Loss NOTHING = new Loss(0, List.of(), 0);

    public Loss {
      held = List.copyOf(held);
    }
  }

  /// Held by one process at a time, until its transaction ends. Clients are synchronised under it
  /// too: both are parts of one synchronisation.
  public static final String LOCK =
      "select pg_advisory_xact_lock(hashtext('Latchkey config sync'))";

  private final DataSource database;
  private final PrunedProviderRepository pruned;
  private final Clock clock;

  public ProviderSyncRepository(DataSource database, Clock clock, Ids ids) {
    this.database = database;
    this.pruned = new PrunedProviderRepository(new AuditEventRepository(database, clock, ids));
    this.clock = clock;
  }

  /// @param prune whether providers that are not in the configuration are deleted, with their links
  /// @param dryRun do it all and take it back, only to tell
  public List<Change> sync(List<ProviderConfig> configured, boolean prune, boolean dryRun)
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

  /// The providers that are there, and not disabled.
  public Set<UUID> enabled() throws SQLException {
    var sql = "select id from latchkey.upstream_providers where disabled_at is null";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql);
        var rows = statement.executeQuery()) {
      var enabled = new HashSet<UUID>();
      while (rows.next()) {
        enabled.add(rows.getObject("id", UUID.class));
      }
      return Set.copyOf(enabled);
    }
  }

  private List<Change> sync(Connection connection, List<ProviderConfig> configured, boolean prune)
      throws SQLException {
    try (var statement = connection.prepareStatement(LOCK)) {
      statement.execute();
    }
    var now = clock.instant();
    var changes = new ArrayList<Change>();
    var enabled = new HashSet<UUID>();
    for (var provider : configured) {
      if (provider.enabled()) {
        enabled.add(provider.id());
        var act = store(connection, provider, enabled.size() - 1, now);
        changes.add(new Change(provider.id(), act, Loss.NOTHING));
      }
    }
    for (var other : others(connection, enabled)) {
      if (prune) {
        changes.add(new Change(other, Act.DELETED, pruned.delete(connection, other)));
      } else {
        disable(connection, other, now);
        changes.add(
            new Change(other, Act.DISABLED, PrunedProviderRepository.loss(connection, other)));
      }
    }
    return changes;
  }

  private static Act store(Connection connection, ProviderConfig provider, int order, Instant now)
      throws SQLException {
    var sql =
        """
        insert into latchkey.upstream_providers as p
               (id, issuer, human_name, brand_name, client_id, ui_order, created_at)
        values (?, ?, ?, ?, ?, ?, ?)
        on conflict (id) do update
           set issuer = excluded.issuer, human_name = excluded.human_name, brand_name = excluded.brand_name,
               client_id = excluded.client_id, ui_order = excluded.ui_order, disabled_at = null
         where (p.issuer, p.human_name, p.brand_name, p.client_id, p.ui_order)
               is distinct from
               (excluded.issuer, excluded.human_name, excluded.brand_name, excluded.client_id, excluded.ui_order)
            or p.disabled_at is not null
        returning xmax = 0 as added
        """;
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, provider.id());
      statement.setString(2, provider.issuer().orElse(null));
      statement.setString(3, provider.humanName().orElse(null));
      statement.setString(4, provider.brandName().orElse(null));
      statement.setString(5, provider.clientId());
      statement.setInt(6, order);
      statement.setTimestamp(7, Timestamp.from(now));
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return Act.UNCHANGED;
        }
        return row.getBoolean("added") ? Act.ADDED : Act.UPDATED;
      }
    }
  }

  private static List<UUID> others(Connection connection, HashSet<UUID> enabled)
      throws SQLException {
    var sql = "select id from latchkey.upstream_providers where id <> all (?) order by id";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("uuid", enabled.toArray()));
      try (var rows = statement.executeQuery()) {
        var others = new ArrayList<UUID>();
        while (rows.next()) {
          others.add(rows.getObject("id", UUID.class));
        }
        return others;
      }
    }
  }

  private static void disable(Connection connection, UUID provider, Instant now)
      throws SQLException {
    var sql =
        "update latchkey.upstream_providers set disabled_at = ? where id = ? and disabled_at is null";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setObject(2, provider);
      statement.executeUpdate();
    }
  }
}
