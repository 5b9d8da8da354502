package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.system.Ids;
import org.jspecify.annotations.Nullable;

/// Accounts that people make for themselves: rows of `users` and `user_emails`, within the caller's
/// transaction.
@Singleton
public class NewAccountRepository {
  private final DataSource database;
  private final Ids ids;

  NewAccountRepository(DataSource database, Ids ids) {
    this.database = database;
    this.ids = ids;
  }

  /// Whether the name is somebody's, in any case.
  public boolean isTaken(String username) throws SQLException {
    return ask(
        "select exists (select from latchkey.users where lower(username) = lower(?))", username);
  }

  /// Whether it is somebody's address, in any case.
  public boolean isAddressTaken(String email) throws SQLException {
    return ask(
        "select exists (select from latchkey.user_emails where lower(email) = lower(?))", email);
  }

  private boolean ask(String sql, String text) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, text);
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /// False if the name is somebody's, in any case.
  public boolean insert(UUID id, String username, Instant now) throws SQLException {
    return run(
        """
        insert into latchkey.users (id, username, created_at)
        select ?, ?, ? where not exists (select from latchkey.users where lower(username) = lower(?))
        on conflict do nothing
        """,
        id,
        username,
        Timestamp.from(now),
        username);
  }

  /// False if it is somebody's address, in any case.
  public boolean insertAddress(UUID user, String email, Instant now) throws SQLException {
    return run(
        """
        insert into latchkey.user_emails (id, user_id, email, created_at) values (?, ?, ?, ?) on conflict do nothing
        """,
        ids.next(now),
        user,
        email,
        Timestamp.from(now));
  }

  private boolean run(String sql, @Nullable Object... values) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate() == 1;
    }
  }
}
