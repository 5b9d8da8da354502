package latchkey.domain.client;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import javax.sql.DataSource;

/// The table `used_assertions`, in autocommit: what was used stays used, whatever comes of the
/// request.
@Singleton
class UsedAssertionRepository {
  private final DataSource database;

  UsedAssertionRepository(DataSource database) {
    this.database = database;
  }

  /// False if it is there already.
  boolean add(byte[] digest, Instant expiresAt) throws SQLException {
    var sql =
        """
        insert into latchkey.used_assertions (digest, expires_at) values (?, ?)
        on conflict (digest) do nothing
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, digest);
      statement.setTimestamp(2, Timestamp.from(expiresAt));
      return statement.executeUpdate() == 1;
    }
  }

  /// Deletes what is too old to be used again anyway; answers how many.
  int deleteExpired(Instant before, int limit) throws SQLException {
    var sql =
        """
        delete from latchkey.used_assertions where digest in (
          select digest from latchkey.used_assertions where expires_at < ? limit ?
             for update skip locked)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(before));
      statement.setInt(2, limit);
      return statement.executeUpdate();
    }
  }
}
