package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/// The table `signing_keys`: which keys this database has seen, and since when.
@Singleton
class SigningKeyRepository {
  private final DataSource database;

  SigningKeyRepository(DataSource database) {
    this.database = database;
  }

  /// Remembers those that are new. Those of an empty table were there from the beginning.
  void register(Collection<String> thumbprints, Instant now) throws SQLException {
    var sql =
        """
        insert into latchkey.signing_keys (thumbprint, first_seen_at)
        select thumbprint, case when exists (select from latchkey.signing_keys) then cast(? as timestamptz) end
          from unnest(?) as thumbprint
        on conflict (thumbprint) do nothing
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setArray(2, connection.createArrayOf("text", thumbprints.toArray()));
      statement.executeUpdate();
    }
  }

  /// Since when those are known that were not there from the beginning.
  Map<String, Instant> firstSeen() throws SQLException {
    var seen = new HashMap<String, Instant>();
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select thumbprint, first_seen_at from latchkey.signing_keys where first_seen_at is"
                    + " not null");
        var rows = statement.executeQuery()) {
      while (rows.next()) {
        seen.put(rows.getString(1), rows.getTimestamp(2).toInstant());
      }
    }
    return seen;
  }
}
