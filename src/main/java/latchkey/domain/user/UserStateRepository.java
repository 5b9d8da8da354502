package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import javax.sql.DataSource;

/// Whether accounts are deactivated, and undoing it: conditional statements in autocommit.
@Singleton
class UserStateRepository {
  private final DataSource database;

  UserStateRepository(DataSource database) {
    this.database = database;
  }

  /// Whether the account is deactivated, and was so at this moment already.
  boolean wasDeactivatedBy(UUID user, Instant moment) throws SQLException {
    var sql = "select exists (select from latchkey.users where id = ? and deactivated_at < ?)";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.setTimestamp(2, endOf(moment));
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /// Undoes a deactivation that was made by this moment.
  void reactivate(UUID user, Instant moment) throws SQLException {
    var sql = "update latchkey.users set deactivated_at = null where id = ? and deactivated_at < ?";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.setTimestamp(2, endOf(moment));
      statement.executeUpdate();
    }
  }

  /// Ids know no more than the millisecond.
  private static Timestamp endOf(Instant moment) {
    return Timestamp.from(moment.truncatedTo(ChronoUnit.MILLIS).plusMillis(1));
  }
}
