package latchkey.base.database;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import javax.sql.DataSource;

/// The way past a pooler has to lead to the database that the pooler leads to: migrations take it,
/// and changes are heard on it.
@Singleton
public class DirectWay {
  private static final String WHO =
      "select current_database() || ' of the server started at ' || pg_postmaster_start_time()";

  private final DatabaseConfig config;

  DirectWay(DatabaseConfig config) {
    this.config = config;
  }

  public boolean leadsToTheSameDatabase() throws SQLException {
    return config.direct() == config
        || who(new DirectDataSource(config)).equals(who(new DirectDataSource(config.direct())));
  }

  private static String who(DataSource database) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(WHO)) {
      row.next();
      return row.getString(1);
    }
  }
}
