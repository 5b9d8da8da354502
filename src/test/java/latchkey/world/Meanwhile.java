package latchkey.world;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// What happens between two steps of somebody who waits for the turn of a user.
public final class Meanwhile {
  private Meanwhile() {}

  /// Begins an act, makes a change once that waits for the user's row, and lets it go on; answers
  /// what it does.
  public static <T> T during(Callable<T> act, UUID user, String change) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var connection = House.database().getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute(
            "select from latchkey.users where id = '%s' for no key update".formatted(user));
        var doing = threads.submit(act);
        World.within(Duration.ofSeconds(5), () -> waiting() > 0);
        statement.execute(change);
        connection.commit();
        return doing.get();
      } finally {
        connection.rollback();
      }
    }
  }

  /// How many wait for a lock in the database.
  public static long waiting() {
    return World.count(
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()");
  }
}
