package latchkey.domain.user;

import jakarta.inject.Singleton;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.system.Turns;

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
  private final Turns<UUID> turns = new Turns<>();

  UserTurnRepository(DataSource database, TransactionSynchronizationRegistry transactions) {
    this.database = database;
    this.transactions = transactions;
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
    var turn =
        turns
            .take(user, PATIENCE)
            .orElseThrow(
                () -> new SQLTransientException("others change this account", LOCK_NOT_AVAILABLE));
    try {
      transactions.registerInterposedSynchronization(new Ending(turn));
      transactions.putResource(held, true);
    } catch (RuntimeException e) {
      turn.close();
      throw e;
    }
    try (var connection = database.getConnection()) {
      take(connection, user, PATIENCE.toSeconds() + "s");
    }
  }

  /// At the end of the transaction, whichever it is, somebody else has the turn.
  private record Ending(Turns<UUID>.Turn turn) implements Synchronization {
    @Override
    public void beforeCompletion() {}

    @Override
    public void afterCompletion(int status) {
      turn.close();
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
