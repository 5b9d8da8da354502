package latchkey.domain.user;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.crypto.PasswordHasher.HashedPassword;
import latchkey.base.database.Transactions;
import latchkey.base.job.Jobs;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import org.jspecify.annotations.Nullable;

/// Makes and changes accounts for the command line: plain JDBC, one transaction a call, so that it
/// works without the server.
public final class UserAccountRepository {
  private final DataSource database;
  private final Jobs jobs;
  private final AuditEventRepository audit;
  private final Clock clock;
  private final Ids ids;

  public UserAccountRepository(DataSource database, Clock clock, Ids ids) {
    this.database = database;
    this.jobs = new Jobs(database, clock, ids);
    this.audit = new AuditEventRepository(database, clock, ids);
    this.clock = clock;
    this.ids = ids;
  }

  /// An account to be.
  public record NewUser(
      String username,
      @Nullable HashedPassword password,
      List<String> emails,
      boolean admin,
      @Nullable String displayName) {
    @Override
    public String toString() {
      return "NewUser[" + username + "]";
    }
  }

  /// Whether a name is taken, in any case.
  public boolean exists(String username) throws SQLException {
    return !named(username).isEmpty();
  }

  /// Creates the account and schedules telling the homeserver.
  public UUID register(NewUser user) throws SQLException {
    return Transactions.call(
        database,
        connection -> {
          var now = clock.instant();
          var id = ids.next(now);
          run(
              connection,
              "insert into latchkey.users (id, username, created_at, can_request_admin) values (?,"
                  + " ?, ?, ?)",
              id,
              user.username(),
              Timestamp.from(now),
              user.admin());
          for (var email : user.emails()) {
            run(
                connection,
                "insert into latchkey.user_emails (id, user_id, email, created_at) values (?, ?, ?,"
                    + " ?)",
                ids.next(now),
                id,
                email,
                Timestamp.from(now));
          }
          if (user.password() != null) {
            store(connection, id, user.password());
          }
          jobs.schedule(connection, UserJobs.PROVISION_USER, id);
          if (user.displayName() != null) {
            jobs.schedule(connection, UserJobs.SET_DISPLAY_NAME, id, user.displayName());
          }
          audit.appendByAdmin(
              connection,
              "user_registered",
              id,
              null,
              new JsonObject().put("username", user.username()).put("admin", user.admin()));
          return id;
        });
  }

  /// Replaces the password; false if there is no such user.
  public boolean setPassword(String username, HashedPassword password) throws SQLException {
    var user = find(username);
    if (user.isEmpty()) {
      return false;
    }
    return Transactions.call(
        database,
        connection -> {
          store(connection, user.get(), password);
          audit.appendByAdmin(connection, "password_set", user.get(), null, new JsonObject());
          return true;
        });
  }

  private void store(Connection connection, UUID user, HashedPassword password)
      throws SQLException {
    run(
        connection,
        """
        insert into latchkey.user_passwords (user_id, hashed_password, version, created_at) values (?, ?, ?, ?)
        on conflict (user_id) do update set hashed_password = excluded.hashed_password,
               version = excluded.version, created_at = excluded.created_at
        """,
        user,
        password.hash(),
        password.version(),
        Timestamp.from(clock.instant()));
  }

  /// Case does not matter, unless two accounts differ in nothing else: then it decides, and a name
  /// that is neither's is nobody's.
  public Optional<UUID> find(String username) throws SQLException {
    var matches = named(username);
    return matches.size() == 1
        ? Optional.of(matches.getFirst().id())
        : matches.stream().filter(m -> m.username().equals(username)).map(Named::id).findFirst();
  }

  /// An account that may sign in.
  public record Active(UUID id, String username) {}

  /// The same, if it is neither locked nor deactivated, with its name as it is spelled.
  public Optional<Active> findActive(String username) throws SQLException {
    var id = find(username);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    var sql =
        "select username from latchkey.users where id = ? and locked_at is null and deactivated_at is null";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, id.get());
      try (var row = statement.executeQuery()) {
        return row.next() ? Optional.of(new Active(id.get(), row.getString(1))) : Optional.empty();
      }
    }
  }

  /// The names of those of the ids that are accounts.
  public Map<UUID, String> usernames(Collection<UUID> ids) throws SQLException {
    var sql = "select id, username from latchkey.users where id = any (?)";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
      try (var rows = statement.executeQuery()) {
        var names = new HashMap<UUID, String>();
        while (rows.next()) {
          names.put(rows.getObject(1, UUID.class), rows.getString(2));
        }
        return names;
      }
    }
  }

  private record Named(UUID id, String username) {}

  private List<Named> named(String username) throws SQLException {
    var sql = "select id, username from latchkey.users where lower(username) = lower(?)";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, username);
      try (var rows = statement.executeQuery()) {
        var matches = new ArrayList<Named>();
        while (rows.next()) {
          matches.add(new Named(rows.getObject(1, UUID.class), rows.getString(2)));
        }
        return matches;
      }
    }
  }

  private static void run(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
