package latchkey.base.database;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Optional;

/// What the database's refusals mean, told by their SQLSTATE.
public final class SqlTrouble {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String READ_ONLY = "25006";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private SqlTrouble() {}

  /// What the database said, under whatever was wrapped around it.
  public static Optional<SQLException> in(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException trouble) {
        return Optional.of(trouble);
      }
    }
    return Optional.empty();
  }

  /// The same may succeed later: no connection (class 08), no resources (53, such as too many
  /// clients), shut down (57P), rolled back (40), read only after a failover, a lock not got.
  public static boolean isPassing(SQLException trouble) {
    var state = trouble.getSQLState();
    return trouble instanceof SQLTransientException
        || (state != null
            && (state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.startsWith("40")
                || state.equals(READ_ONLY)
                || state.equals(LOCK_NOT_AVAILABLE)));
  }

  /// Wrong credentials (class 28) or no such database (3D): waiting mends neither.
  public static boolean isHopeless(SQLException trouble) {
    var state = trouble.getSQLState();
    return state != null && (state.startsWith("28") || state.startsWith("3D"));
  }

  /// Somebody else was faster to store the same.
  public static boolean isUniqueViolation(SQLException trouble) {
    return UNIQUE_VIOLATION.equals(trouble.getSQLState());
  }
}
