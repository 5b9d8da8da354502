package latchkey.base.database;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Transactions where nobody manages them: on the command line, with plain JDBC.
public final class Transactions {
  private Transactions() {}

  /// What is done in one.
  public interface Work<T, E extends Exception> {
    T run(Connection connection) throws SQLException, E;
  }

  /// Does all of the work or, if it throws, nothing.
  public static <T, E extends Exception> T call(DataSource database, Work<T, E> work)
      throws SQLException, E {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        var result = work.run(connection);
        connection.commit();
        return result;
      } catch (Throwable e) {
        // A pool may commit what it finds open when it takes the connection back.
        try {
          connection.rollback();
        } catch (SQLException f) {
          e.addSuppressed(f);
        }
        throw e;
      }
    }
  }
}
