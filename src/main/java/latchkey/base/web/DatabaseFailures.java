package latchkey.base.web;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import latchkey.base.database.DatabaseState;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.Problem;
import org.jspecify.annotations.Nullable;

/// Recognises a database that went away in the middle of a request: a cause that may pass, so 503,
/// never 500.
@Singleton
class DatabaseFailures {
  private static final int DEPTH = 12;

  @Nullable Problem asProblem(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; i < DEPTH && cause != null; i++) {
      if (cause instanceof SQLException sql && isPassing(sql)) {
        return DomainProblem.unavailable(
            DatabaseState.RETRY_AFTER, "Latchkey cannot reach its database.", sql);
      }
      cause = cause.getCause();
    }
    return null;
  }

  /// Classes 08 (connection), 53 (resources), 57P (shut down), 40 (rolled back), 25006 (read only
  /// after a failover), and Agroal's own, which has no state.
  private static boolean isPassing(SQLException failure) {
    var state = failure.getSQLState();
    return failure instanceof SQLTransientException
        || (state == null && String.valueOf(failure.getMessage()).contains("cquisition timeout"))
        || (state != null
            && (state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.startsWith("40")
                || state.equals("25006")));
  }
}
