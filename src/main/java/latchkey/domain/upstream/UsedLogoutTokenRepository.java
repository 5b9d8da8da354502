package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;

/// The table `used_logout_tokens`.
@Singleton
class UsedLogoutTokenRepository {
  private final DataSource database;

  UsedLogoutTokenRepository(DataSource database) {
    this.database = database;
  }

  boolean has(UUID provider, byte[] digest) throws SQLException {
    var sql = "select from latchkey.used_logout_tokens where provider_id = ? and jti_digest = ?";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, provider);
      statement.setBytes(2, digest);
      try (var rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /// That it is there already is no error.
  void add(UUID provider, byte[] digest, Instant expiresAt) throws SQLException {
    var sql =
        """
        insert into latchkey.used_logout_tokens (provider_id, jti_digest, expires_at) values (?, ?, ?)
        on conflict (provider_id, jti_digest) do nothing
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, provider);
      statement.setBytes(2, digest);
      statement.setTimestamp(3, Timestamp.from(expiresAt));
      statement.executeUpdate();
    }
  }

  /// Deletes what is too old to be used again anyway; answers how many.
  int deleteExpired(Instant before, int limit) throws SQLException {
    var sql =
        """
        delete from latchkey.used_logout_tokens where (provider_id, jti_digest) in (
          select provider_id, jti_digest from latchkey.used_logout_tokens where expires_at < ? limit ?
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
