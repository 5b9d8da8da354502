package latchkey.domain.grant;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.domain.user.UserView;

/// The table `compat_sso_logins`: one statement a method, each change conditional. Plain JDBC.
@Singleton
class CompatSsoLoginRepository {
  private final DataSource database;

  CompatSsoLoginRepository(DataSource database) {
    this.database = database;
  }

  /// As its page sees it.
  record Pending(String redirectUri, Instant createdAt, boolean answered) {}

  void insert(UUID id, String redirectUri, Instant now) throws SQLException {
    var sql =
        "insert into latchkey.compat_sso_logins (id, redirect_uri, created_at) values (?, ?, ?)";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, id);
      statement.setString(2, redirectUri);
      statement.setTimestamp(3, Timestamp.from(now));
      statement.executeUpdate();
    }
  }

  Optional<Pending> find(UUID id) throws SQLException {
    var sql =
        """
        select redirect_uri, created_at, fulfilled_at is not null as answered
          from latchkey.compat_sso_logins where id = ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, id);
      try (var row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Pending(
                    row.getString("redirect_uri"),
                    row.getTimestamp("created_at").toInstant(),
                    row.getBoolean("answered")))
            : Optional.empty();
      }
    }
  }

  /// Gives it a token. False if it was answered already, or began before then.
  boolean fulfil(UUID id, UUID browserSession, byte[] tokenDigest, Instant notBefore, Instant now)
      throws SQLException {
    var sql =
        """
        update latchkey.compat_sso_logins set fulfilled_at = ?, browser_session_id = ?, token_digest = ?
         where id = ? and fulfilled_at is null and created_at > ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setObject(2, browserSession);
      statement.setBytes(3, tokenDigest);
      statement.setObject(4, id);
      statement.setTimestamp(5, Timestamp.from(notBefore));
      return statement.executeUpdate() == 1;
    }
  }

  Optional<CompatSsoLogin> findByToken(byte[] tokenDigest) throws SQLException {
    var sql =
        """
        select l.id, l.fulfilled_at, l.exchanged_at is not null as exchanged, l.browser_session_id,
               b.finished_at is not null as browser_session_finished, u.id as user_id, u.username,
               u.created_at as user_created_at, u.locked_at is not null as locked,
               u.deactivated_at is not null as deactivated, u.can_request_admin, u.is_guest
          from latchkey.compat_sso_logins l
          join latchkey.browser_sessions b on b.id = l.browser_session_id
          join latchkey.users u on u.id = b.user_id
         where l.token_digest = ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, tokenDigest);
      try (var row = statement.executeQuery()) {
        return row.next() ? Optional.of(read(row)) : Optional.empty();
      }
    }
  }

  private static CompatSsoLogin read(ResultSet row) throws SQLException {
    return new CompatSsoLogin(
        row.getObject("id", UUID.class),
        row.getTimestamp("fulfilled_at").toInstant(),
        row.getBoolean("exchanged"),
        row.getObject("browser_session_id", UUID.class),
        row.getBoolean("browser_session_finished"),
        new UserView(
            row.getObject("user_id", UUID.class),
            row.getString("username"),
            row.getTimestamp("user_created_at").toInstant(),
            row.getBoolean("locked"),
            row.getBoolean("deactivated"),
            row.getBoolean("can_request_admin"),
            row.getBoolean("is_guest")));
  }

  /// Uses its token up for a session. False if somebody else has, or the person signed out or was
  /// locked meanwhile.
  boolean consume(UUID id, UUID session, Instant now) throws SQLException {
    var sql =
        """
        update latchkey.compat_sso_logins l set exchanged_at = ?, session_id = ?
          from latchkey.browser_sessions b join latchkey.users u on u.id = b.user_id
         where l.id = ? and l.fulfilled_at is not null and l.exchanged_at is null
           and b.id = l.browser_session_id and b.finished_at is null
           and u.locked_at is null and u.deactivated_at is null
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setObject(2, session);
      statement.setObject(3, id);
      return statement.executeUpdate() == 1;
    }
  }

  /// Deletes some of those that began before then, and of those nobody answered; answers how many.
  ///
  /// @param unanswered the least id of those that may still be answered
  int deleteBefore(UUID floor, UUID unanswered, int limit) throws SQLException {
    var sql =
        """
        delete from latchkey.compat_sso_logins where id in (
          select id from latchkey.compat_sso_logins where id < ? or (id < ? and fulfilled_at is null)
            order by id limit ? for update skip locked)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, floor);
      statement.setObject(2, unanswered);
      statement.setInt(3, limit);
      return statement.executeUpdate();
    }
  }
}
