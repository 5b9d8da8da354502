package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import latchkey.domain.session.Activity.Seen;
import org.jspecify.annotations.Nullable;

/// Writes down when sessions were last used: few rows at a time, in the order of ids, and never
/// waiting for a row that somebody else holds. The columns have no index, so the rows stay where
/// they are.
@Singleton
class ActivityRepository {
  private static final int BATCH = 500;

  private static final String SQL =
      """
      with seen (id, at, ip, agent) as (select * from unnest(?, ?, ?, ?)),
           free as (select s.id from latchkey.%1$s s join seen on seen.id = s.id order by s.id for update of s skip locked),
           written as (
             update latchkey.%1$s s
                set last_active_at = greatest(s.last_active_at, seen.at),
                    last_active_ip = coalesce(cast(seen.ip as inet), s.last_active_ip),
                    user_agent = coalesce(seen.agent, s.user_agent)
               from seen join free on free.id = seen.id
              where s.id = seen.id
             returning s.id)
      select id, true as settled from written
      union all
      select seen.id, seen.at < ? from seen where not exists (select from latchkey.%1$s s where s.id = seen.id)
      """;

  private final DataSource database;

  ActivityRepository(DataSource database) {
    this.database = database;
  }

  /// What became of some.
  ///
  /// @param done needs no further writing: it is written, or its session is gone
  /// @param newcomers how many have no session yet: whoever signs in is seen before that is
  ///   committed
  record Written(Map<UUID, Seen> done, int newcomers) {}

  /// @param gone sessions without a row that were last seen before this will not come any more
  Written write(SessionKind kind, Map<UUID, Seen> seen, Instant gone) throws SQLException {
    var done = new HashMap<UUID, Seen>();
    int newcomers = 0;
    var all = List.copyOf(seen.entrySet());
    for (int from = 0; from < all.size(); from += BATCH) {
      var batch = all.subList(from, Math.min(all.size(), from + BATCH));
      for (var one : write(kind, batch, gone).entrySet()) {
        if (one.getValue()) {
          done.put(one.getKey(), java.util.Objects.requireNonNull(seen.get(one.getKey())));
        } else {
          newcomers++;
        }
      }
    }
    return new Written(done, newcomers);
  }

  /// Whose rows are not held by somebody else, and whether that is all there is to do for them.
  private Map<UUID, Boolean> write(
      SessionKind kind, List<Map.Entry<UUID, Seen>> batch, Instant gone) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(SQL.formatted(kind.table()))) {
      statement.setArray(1, array(connection, "uuid", batch, Map.Entry::getKey));
      statement.setArray(2, array(connection, "timestamptz", batch, e -> e.getValue().at()));
      statement.setArray(3, array(connection, "text", batch, e -> e.getValue().ipAddress()));
      statement.setArray(4, array(connection, "text", batch, e -> e.getValue().userAgent()));
      statement.setTimestamp(5, Timestamp.from(gone));
      try (var rows = statement.executeQuery()) {
        var met = new HashMap<UUID, Boolean>();
        while (rows.next()) {
          met.put(rows.getObject(1, UUID.class), rows.getBoolean(2));
        }
        return met;
      }
    }
  }

  private static Array array(
      Connection connection,
      String type,
      List<Map.Entry<UUID, Seen>> batch,
      Function<Map.Entry<UUID, Seen>, @Nullable Object> part)
      throws SQLException {
    return connection.createArrayOf(type, batch.stream().map(part).toArray());
  }
}
