package latchkey.domain.user;

import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.database.Columns;
import org.jspecify.annotations.Nullable;

/// The table `app_passwords`. Plain JDBC: one statement a method, each change conditional.
@Singleton
public class AppPasswordRepository {
  private static final String SELECT =
      """
      select id, name, created_at, expires_at, last_used_at, host(last_used_ip) as ip, last_used_agent
        from latchkey.app_passwords where user_id = ? and revoked_at is null
      """;

  private final DataSource database;

  public AppPasswordRepository(DataSource database) {
    this.database = database;
  }

  /// @param digest see [AppPasswordText#digest]
  /// @param expiresAt null for never
  public record NewAppPassword(
      UUID id, UUID user, String name, byte[] digest, @Nullable Instant expiresAt) {}

  /// What a login is compared with.
  record Candidate(UUID id, byte[] digest) {}

  private interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Stores one; false if the user has so many that are neither revoked nor expired.
  public boolean insert(NewAppPassword password, int most, Instant now) throws SQLException {
    return change(
            """
            insert into latchkey.app_passwords (id, user_id, name, digest, created_at, expires_at)
            select ?, ?, ?, ?, ?, ?
             where (select count(*) from latchkey.app_passwords
                     where user_id = ? and revoked_at is null and (expires_at is null or expires_at > ?)) < ?
            """,
            statement -> {
              statement.setObject(1, password.id());
              statement.setObject(2, password.user());
              statement.setString(3, password.name());
              statement.setBytes(4, password.digest());
              statement.setTimestamp(5, Timestamp.from(now));
              statement.setTimestamp(
                  6, password.expiresAt() == null ? null : Timestamp.from(password.expiresAt()));
              statement.setObject(7, password.user());
              statement.setTimestamp(8, Timestamp.from(now));
              statement.setInt(9, most);
            })
        == 1;
  }

  /// Those that are not revoked, newest first; an expired one is among them for a while.
  public List<AppPassword> list(UUID user) throws SQLException {
    return query(
        SELECT + " order by id desc", it -> it.setObject(1, user), AppPasswordRepository::view);
  }

  /// One of the user's that is not revoked.
  public Optional<AppPassword> find(UUID user, UUID id) throws SQLException {
    return query(
            SELECT + " and id = ?",
            statement -> {
              statement.setObject(1, user);
              statement.setObject(2, id);
            },
            AppPasswordRepository::view)
        .stream()
        .findFirst();
  }

  /// Those that a login of the user could be proven with now.
  List<Candidate> candidates(UUID user, Instant now) throws SQLException {
    return query(
        """
        select id, digest from latchkey.app_passwords
         where user_id = ? and revoked_at is null and (expires_at is null or expires_at > ?)
        """,
        statement -> {
          statement.setObject(1, user);
          statement.setTimestamp(2, Timestamp.from(now));
        },
        row -> new Candidate(row.getObject("id", UUID.class), row.getBytes("digest")));
  }

  /// Notes a login with it; false if it was revoked or has expired meanwhile.
  public boolean use(UUID id, @Nullable String ipAddress, @Nullable String agent, Instant now)
      throws SQLException {
    return change(
            """
            update latchkey.app_passwords
               set last_used_at = greatest(last_used_at, ?), last_used_ip = cast(? as inet), last_used_agent = ?
             where id = ? and revoked_at is null and (expires_at is null or expires_at > ?)
            """,
            statement -> {
              statement.setTimestamp(1, Timestamp.from(now));
              statement.setString(2, ipAddress);
              statement.setString(3, agent);
              statement.setObject(4, id);
              statement.setTimestamp(5, Timestamp.from(now));
            })
        == 1;
  }

  /// Takes one of the user's back; false if there is none, or it was done before.
  public boolean revoke(UUID user, UUID id, Instant now) throws SQLException {
    return change(
            """
            update latchkey.app_passwords set revoked_at = ?
             where id = ? and user_id = ? and revoked_at is null
            """,
            statement -> {
              statement.setTimestamp(1, Timestamp.from(now));
              statement.setObject(2, id);
              statement.setObject(3, user);
            })
        == 1;
  }

  /// Deletes some of those that were revoked or expired before then; answers how many.
  int deleteOver(Instant before, int limit) throws SQLException {
    return change(
        """
        delete from latchkey.app_passwords where id in (
          select id from latchkey.app_passwords where revoked_at < ? or expires_at < ?
           limit ? for update skip locked)
        """,
        statement -> {
          statement.setTimestamp(1, Timestamp.from(before));
          statement.setTimestamp(2, Timestamp.from(before));
          statement.setInt(3, limit);
        });
  }

  /// Forgets from where some were used, of those unused since then; answers how many.
  int forgetAddresses(Instant unusedSince, int limit) throws SQLException {
    return change(
        """
        update latchkey.app_passwords set last_used_ip = null where id in (
          select id from latchkey.app_passwords where last_used_at < ? and last_used_ip is not null
           limit ? for update skip locked)
        """,
        statement -> {
          statement.setTimestamp(1, Timestamp.from(unusedSince));
          statement.setInt(2, limit);
        });
  }

  private int change(String sql, Binder binder) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      binder.bind(statement);
      return statement.executeUpdate();
    }
  }

  private <T> List<T> query(String sql, Binder binder, Reader<T> reader) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      binder.bind(statement);
      try (var rows = statement.executeQuery()) {
        var found = new ArrayList<T>();
        while (rows.next()) {
          found.add(reader.read(rows));
        }
        return found;
      }
    }
  }

  private static AppPassword view(ResultSet row) throws SQLException {
    return new AppPassword(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getTimestamp("created_at").toInstant(),
        Columns.instant(row, "expires_at"),
        Columns.instant(row, "last_used_at"),
        row.getString("ip"),
        row.getString("last_used_agent"));
  }
}
