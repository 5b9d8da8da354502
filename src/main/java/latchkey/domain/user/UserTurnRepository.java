package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/// One change of a user's sessions and app passwords at a time. Who locks more than one of these
/// rows takes the turn first, then app passwords, then sessions: in one order nobody waits for
/// somebody who waits for them, and what was counted stays so until the commit.
@Singleton
public class UserTurnRepository {
  private final DataSource database;

  UserTurnRepository(DataSource database) {
    this.database = database;
  }

  /// In the caller's transaction: until it ends, nobody else who asks for the same user gets past
  /// this.
  public void take(UUID user) throws SQLException {
    try (var connection = database.getConnection()) {
      take(connection, user);
    }
  }

  /// The same on a connection whose transaction the caller minds.
  public static void take(Connection connection, UUID user) throws SQLException {
    var sql = "select from latchkey.users where id = ? for no key update";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.executeQuery().close();
    }
  }
}
