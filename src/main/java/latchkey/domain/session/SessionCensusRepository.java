package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.domain.policy.Policies;
import org.jspecify.annotations.Nullable;

/// Counts the live sessions of a user, for limits on them, and finds those that could go.
@Singleton
public class SessionCensusRepository {
  private final DataSource database;

  public SessionCensusRepository(DataSource database) {
    this.database = database;
  }

  /// @param counts of the sessions beside those on a device that a new one is to take
  /// @param onDevice whether there is one on that device
  public record Census(Policies.SessionCounts counts, boolean onDevice) {}

  public Census count(UUID user, @Nullable String deviceId) throws SQLException {
    var sql =
        """
        select count(*) filter (where kind = 'oauth' and not on_device) as oauth,
               count(*) filter (where kind = 'compat' and not on_device) as compat,
               coalesce(bool_or(on_device), false) as on_device
          from (select kind, coalesce(device_id = ?, false) as on_device from latchkey.oauth_sessions
                 where user_id = ? and finished_at is null and opened_at is not null) as live
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, deviceId);
      statement.setObject(2, user);
      try (var row = statement.executeQuery()) {
        row.next();
        return new Census(
            new Policies.SessionCounts(row.getLong("oauth"), row.getLong("compat"), 0),
            row.getBoolean("on_device"));
      }
    }
  }

  /// The compat sessions of a user that were not used for longest, but for those on this device and
  /// those that end at this moment.
  public List<UUID> leastUsedCompat(UUID user, String butOnDevice, long count) throws SQLException {
    var sql =
        """
        select id from latchkey.oauth_sessions
         where user_id = ? and kind = 'compat' and finished_at is null and opened_at is not null
           and device_id is distinct from ?
         order by last_active_at nulls first, created_at, id limit ? for update skip locked
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.setString(2, butOnDevice);
      statement.setLong(3, count);
      try (var rows = statement.executeQuery()) {
        var ids = new ArrayList<UUID>();
        while (rows.next()) {
          ids.add(rows.getObject(1, UUID.class));
        }
        return ids;
      }
    }
  }
}
