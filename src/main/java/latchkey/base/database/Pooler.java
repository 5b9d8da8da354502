package latchkey.base.database;

import io.agroal.api.AgroalPoolInterceptor;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/// Notices a pooler between us and PostgreSQL: it greets with a process id of its own making. One
/// that pools transactions gives each a different server, which knows nothing of the statements
/// that were prepared on another.
@Singleton
class Pooler implements AgroalPoolInterceptor {
  private static final Logger LOG = Logger.getLogger(Pooler.class);

  static boolean isBehind(Connection connection) throws SQLException {
    int greeted = connection.unwrap(PGConnection.class).getBackendPID();
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      return row.getInt(1) != greeted;
    }
  }

  @Override
  public void onConnectionCreate(Connection connection) {
    try {
      if (isBehind(connection)) {
        connection.unwrap(PGConnection.class).setPrepareThreshold(0);
      }
    } catch (SQLException e) {
      // The connection is no good then, and whoever uses it first will be told.
      LOG.debugf("a new connection did not answer: %s", e.getMessage());
    }
  }
}
