package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;

/// The table `user_leases`: taken and let go by conditional statements, in autocommit.
@Singleton
public class UserLeaseRepository {
  private final DataSource database;

  public UserLeaseRepository(DataSource database) {
    this.database = database;
  }

  /// Takes the lease if nobody holds it at `now`.
  boolean take(UUID user, UUID holder, Instant now, Instant deadline) throws SQLException {
    var sql =
        """
        insert into latchkey.user_leases as l (user_id, holder, deadline) values (?, ?, ?)
        on conflict (user_id) do update set holder = excluded.holder, deadline = excluded.deadline
         where l.deadline <= ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.setObject(2, holder);
      statement.setTimestamp(3, Timestamp.from(deadline));
      statement.setTimestamp(4, Timestamp.from(now));
      return statement.executeUpdate() == 1;
    }
  }

  /// Deletes leases whose holders never let go; answers how many.
  int deleteExpired(Instant before, int limit) throws SQLException {
    var sql =
        """
        delete from latchkey.user_leases where user_id in (
          select user_id from latchkey.user_leases where deadline < ? limit ? for update skip locked)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(before));
      statement.setInt(2, limit);
      return statement.executeUpdate();
    }
  }

  /// Lets go, if it is still ours.
  void release(UUID user, UUID holder) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "delete from latchkey.user_leases where user_id = ? and holder = ?")) {
      statement.setObject(1, user);
      statement.setObject(2, holder);
      statement.executeUpdate();
    }
  }
}
