package latchkey.base.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What JDBC does not read by itself.
public final class Columns {
  private Columns() {}

  /// The moment a column holds; null if it holds none.
  public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var timestamp = row.getTimestamp(column);
    return timestamp == null ? null : timestamp.toInstant();
  }
}
