package latchkey.cli;

import java.sql.SQLException;
import latchkey.base.database.SqlTrouble;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/// What to make of a failure while the database is being prepared. Waiting mends most of them, and
/// whoever gives up too early leaves an admin with a server that is down for a passing reason.
sealed interface StartTrouble {
  /// It may pass.
  record Wait(String reason) implements StartTrouble {}

  /// Nobody thought of it, so its stack is needed; it may pass as well.
  record Unforeseen(RuntimeException cause) implements StartTrouble {}

  /// Waiting does not mend it.
  record Refuse(String reason) implements StartTrouble {}

  /// Whether it is the same kind of trouble as the one before.
  default boolean isLike(@Nullable StartTrouble before) {
    return before != null && before.getClass() == getClass();
  }

  static StartTrouble of(Exception failure) {
    var trouble = SqlTrouble.in(failure);
    if (trouble.filter(SqlTrouble::isHopeless).isPresent()) {
      return new Refuse("the database refuses us: " + trouble.get().getMessage());
    } else if (trouble.filter(SqlTrouble::isPassing).isPresent()) {
      return new Wait(String.valueOf(trouble.get().getMessage()));
    }
    return switch (failure) {
      case SQLException sql -> new Wait(String.valueOf(sql.getMessage()));
      case FlywayException flyway ->
          new Refuse("the database cannot be migrated: " + flyway.getMessage());
      case RuntimeException unforeseen -> new Unforeseen(unforeseen);
      case Exception refusal -> new Refuse(String.valueOf(refusal.getMessage()));
    };
  }
}
