package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.database.Columns;
import org.jspecify.annotations.Nullable;

/// The live sessions of a person, for the person. Whoever asks says whose they must be, so that a
/// session of somebody else is one that is not there.
@Singleton
public class SessionListRepository {
  private static final String CLIENTS =
      """
      select id, kind, client_id, device_id, human_name, coalesce(rotated_agent, user_agent) as user_agent, created_at,
             last_active_at, host(last_active_ip) as ip,
             (select p.name from latchkey.app_passwords p where p.id = app_password_id) as app_password
        from latchkey.oauth_sessions
       where user_id = ? and finished_at is null and opened_at is not null
      """;

  private static final String BROWSERS =
      """
      select id, 'browser' as kind, cast(null as uuid) as client_id, cast(null as text) as device_id,
             cast(null as text) as human_name, user_agent, created_at, last_active_at, host(last_active_ip) as ip,
             cast(null as text) as app_password
        from latchkey.browser_sessions
       where user_id = ? and finished_at is null
      """;

  private final DataSource database;

  SessionListRepository(DataSource database) {
    this.database = database;
  }

  /// @param clients OAuth and compat sessions
  public record Counts(long clients, long browsers) {}

  private interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  public Counts count(UUID user) throws SQLException {
    var sql =
        """
        select (select count(*) from latchkey.oauth_sessions
                 where user_id = ? and finished_at is null and opened_at is not null),
               (select count(*) from latchkey.browser_sessions where user_id = ? and finished_at is null)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.setObject(2, user);
      try (var row = statement.executeQuery()) {
        row.next();
        return new Counts(row.getLong(1), row.getLong(2));
      }
    }
  }

  /// How many are signed in with one of the user's app passwords.
  public long countOfAppPassword(UUID user, UUID appPassword) throws SQLException {
    var sql =
        """
        select count(*) from latchkey.oauth_sessions
         where user_id = ? and app_password_id = ? and finished_at is null and opened_at is not null
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.setObject(2, appPassword);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /// OAuth and compat sessions, newest first.
  ///
  /// @param before the last one of the page before; null for the first page
  public List<ListedSession> clients(UUID user, @Nullable UUID before, int limit)
      throws SQLException {
    return newestFirst(CLIENTS, user, before, limit);
  }

  /// OAuth and compat sessions, those first that were not used for longest.
  ///
  /// @param butOnDevice leaves out who holds this device; null for nobody
  public List<ListedSession> leastUsed(UUID user, @Nullable String butOnDevice, int limit)
      throws SQLException {
    return list(
        CLIENTS
            + " and (cast(? as text) is null or device_id is distinct from ?)"
            + " order by last_active_at nulls first, id limit ?",
        statement -> {
          statement.setObject(1, user);
          statement.setString(2, butOnDevice);
          statement.setString(3, butOnDevice);
          statement.setInt(4, limit);
        });
  }

  /// Browser sessions, newest first.
  ///
  /// @param before the last one of the page before; null for the first page
  public List<ListedSession> browsers(UUID user, @Nullable UUID before, int limit)
      throws SQLException {
    return newestFirst(BROWSERS, user, before, limit);
  }

  private List<ListedSession> newestFirst(String which, UUID user, @Nullable UUID before, int limit)
      throws SQLException {
    return list(
        which + " and (cast(? as uuid) is null or id < ?) order by id desc limit ?",
        statement -> {
          statement.setObject(1, user);
          statement.setObject(2, before);
          statement.setObject(3, before);
          statement.setInt(4, limit);
        });
  }

  /// One of the user's, of any kind.
  public Optional<ListedSession> find(UUID user, UUID session) throws SQLException {
    return list(
            CLIENTS + " and id = ? union all " + BROWSERS + " and id = ?",
            statement -> {
              statement.setObject(1, user);
              statement.setObject(2, session);
              statement.setObject(3, user);
              statement.setObject(4, session);
            })
        .stream()
        .findFirst();
  }

  /// The one of the user's that holds a device.
  public Optional<UUID> onDevice(UUID user, String device) throws SQLException {
    return list(
            CLIENTS + " and device_id = ?",
            statement -> {
              statement.setObject(1, user);
              statement.setString(2, device);
            })
        .stream()
        .findFirst()
        .map(ListedSession::id);
  }

  private List<ListedSession> list(String sql, Binder binder) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      binder.bind(statement);
      try (var rows = statement.executeQuery()) {
        var sessions = new ArrayList<ListedSession>();
        while (rows.next()) {
          sessions.add(read(rows));
        }
        return sessions;
      }
    }
  }

  private static ListedSession read(ResultSet row) throws SQLException {
    return new ListedSession(
        row.getObject("id", UUID.class),
        SessionKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getObject("client_id", UUID.class),
        row.getString("device_id"),
        row.getString("human_name"),
        row.getString("user_agent"),
        row.getString("app_password"),
        row.getTimestamp("created_at").toInstant(),
        Columns.instant(row, "last_active_at"),
        row.getString("ip"));
  }
}
