package latchkey.base.web;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import latchkey.base.database.DatabaseState;
import latchkey.base.database.SqlTrouble;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.Problem;
import org.jspecify.annotations.Nullable;

/// Recognises a database that went away in the middle of a request: a cause that may pass, so 503,
/// never 500.
@Singleton
public class DatabaseFailures {
  private static final int DEPTH = 12;

  /// The refusal to answer with; null if the cause is another.
  public @Nullable Problem asProblem(Throwable thrown) {
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

  /// What the database says of itself, and Agroal's own trouble, which has no state.
  private static boolean isPassing(SQLException failure) {
    return SqlTrouble.isPassing(failure)
        || (failure.getSQLState() == null
            && String.valueOf(failure.getMessage()).contains("cquisition timeout"));
  }
}
