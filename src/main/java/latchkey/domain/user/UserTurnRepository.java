package latchkey.domain.user;

import jakarta.inject.Singleton;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/// One change of a user's sessions and app passwords at a time. Who locks more than one of these
/// rows takes the turn first, then app passwords, then sessions: in one order nobody waits for
/// somebody who waits for them, and what was counted stays so until the commit.
///
/// One request of a user waits in the database at most, at each replica, and the others before they
/// have a connection: nobody takes all of them by doing one thing many times. Who waits for longer
/// than two seconds is told to come back (503).
@Singleton
public class UserTurnRepository {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// Of PostgreSQL: a lock was not to be had in time.
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final DataSource database;
  private final TransactionSynchronizationRegistry transactions;
  private final Map<UUID, Line> lines = new ConcurrentHashMap<>();

  UserTurnRepository(DataSource database, TransactionSynchronizationRegistry transactions) {
    this.database = database;
    this.transactions = transactions;
  }

  /// Those who are here for one user.
  private static final class Line {
    private final Semaphore turn = new Semaphore(1, true);
    private int here;

    private Line with(int more) {
      here += more;
      return this;
    }
  }

  /// That the transaction at hand has the turn already.
  private record Held(UUID user) {}

  /// In the caller's transaction: until it ends, nobody else who asks for the same user gets past
  /// this.
  public void take(UUID user) throws SQLException {
    var held = new Held(user);
    if (transactions.getResource(held) != null) {
      return;
    }
    var line = lines.compute(user, (_, there) -> (there == null ? new Line() : there).with(1));
    boolean isMine = false;
    try {
      isMine = isMine(line);
      if (!isMine) {
        throw new SQLTransientException("others change this account", LOCK_NOT_AVAILABLE);
      }
      transactions.registerInterposedSynchronization(new Leaving(user, line));
      transactions.putResource(held, true);
    } catch (SQLException | RuntimeException e) {
      leave(user, line, isMine);
      throw e;
    }
    try (var connection = database.getConnection()) {
      take(connection, user, PATIENCE.toSeconds() + "s");
    }
  }

  private static boolean isMine(Line line) {
    try {
      return line.turn.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void leave(UUID user, Line line, boolean hadTheTurn) {
    if (hadTheTurn) {
      line.turn.release();
    }
    lines.computeIfPresent(user, (_, there) -> there.with(-1).here == 0 ? null : there);
  }

  /// At the end of the transaction, whichever it is.
  private final class Leaving implements Synchronization {
    private final UUID user;
    private final Line line;

    private Leaving(UUID user, Line line) {
      this.user = user;
      this.line = line;
    }

    @Override
    public void beforeCompletion() {}

    @Override
    public void afterCompletion(int status) {
      leave(user, line, true);
    }
  }

  /// The same on a connection whose transaction the caller minds, as the command line does, which
  /// waits longer.
  public static void take(Connection connection, UUID user) throws SQLException {
    take(connection, user, "10s");
  }

  private static void take(Connection connection, UUID user, String patience) throws SQLException {
    // Both in one message. What waits for other locks in this transaction waits as long.
    var sql =
        "set local lock_timeout = '%s'; select from latchkey.users where id = ? for no key update"
            .formatted(patience);
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.execute();
    }
  }
}
