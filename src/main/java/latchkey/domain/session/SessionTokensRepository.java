package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import latchkey.base.database.Columns;
import latchkey.base.oauth.Scope;
import latchkey.base.oauth.StandardClaim;
import latchkey.domain.session.SessionSnapshot.Age;
import latchkey.domain.session.SessionSnapshot.LastRotation;
import latchkey.domain.session.SessionSnapshot.Userinfo;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;

/// The columns of `oauth_sessions` that the token engine reads and moves. Plain JDBC in autocommit:
/// each method is one statement, and each change is conditional on what the caller believed, so
/// that the database settles races.
@Singleton
public class SessionTokensRepository {
  private static final String SELECT =
      """
      select s.id, s.kind, s.client_id, s.user_id, u.username, u.created_at as user_created_at,
             u.locked_at is not null as locked, u.deactivated_at is not null as deactivated,
             u.can_request_admin, u.is_guest, s.scope, s.device_id, s.opened_at, s.finished_at, s.nonce,
             s.generation, s.used_generation, s.issued_at, s.access_ttl, s.token_key,
             host(s.rotated_ip) as rotated_ip, s.rotated_agent, s.collision_generation, s.collision_count,
             s.userinfo_claims, c.userinfo_signed_response_alg, s.created_at, s.last_active_at, c.is_static
        from latchkey.oauth_sessions s
        left join latchkey.clients c on c.id = s.client_id
        left join latchkey.users u on u.id = s.user_id
      """;

  private final DataSource database;

  public SessionTokensRepository(DataSource database) {
    this.database = database;
  }

  public Optional<SessionSnapshot> find(UUID id) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(SELECT + " where s.id = ?")) {
      statement.setObject(1, id);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(read(rows)) : Optional.empty();
      }
    }
  }

  /// Some of the live sessions, those with the lowest ids after this one.
  List<SessionSnapshot> live(UUID after, int limit) throws SQLException {
    var which =
        " where s.id > ? and s.finished_at is null and s.opened_at is not null order by s.id limit ?";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(SELECT + which)) {
      statement.setObject(1, after);
      statement.setInt(2, limit);
      try (var rows = statement.executeQuery()) {
        var page = new ArrayList<SessionSnapshot>();
        while (rows.next()) {
          page.add(read(rows));
        }
        return page;
      }
    }
  }

  /// A step to a newer generation: to `to` if the row still stands at `from`.
  ///
  /// @param used the generation whose refresh token was redeemed for this
  /// @param tokenKey the key that mints the new generation
  /// @param ipAddress who asked, to recognise a delayed copy or a thief later
  public record Step(
      UUID session,
      long from,
      long to,
      long used,
      Instant issuedAt,
      int accessTtl,
      int tokenKey,
      @Nullable String ipAddress,
      @Nullable String userAgent) {}

  /// Takes the step; false if somebody else was faster, the session ended, or the key was withdrawn
  /// by another replica meanwhile.
  public boolean advance(Step step) throws SQLException {
    return update(
        """
        update latchkey.oauth_sessions
           set generation = ?, used_generation = greatest(used_generation, ?), issued_at = ?, access_ttl = ?,
               previous_token_key = token_key, token_key = ?, rotated_ip = cast(? as inet), rotated_agent = ?,
               last_active_at = ?, last_active_ip = coalesce(cast(? as inet), last_active_ip)
         where id = ? and generation = ? and finished_at is null and opened_at is not null
           and not exists (select from latchkey.token_keys k where k.id = ? and k.withdrawn_at is not null)
        """,
        statement -> {
          statement.setLong(1, step.to());
          statement.setLong(2, step.used());
          statement.setTimestamp(3, Timestamp.from(step.issuedAt()));
          statement.setInt(4, step.accessTtl());
          statement.setInt(5, step.tokenKey());
          statement.setString(6, step.ipAddress());
          statement.setString(7, step.userAgent());
          statement.setTimestamp(8, Timestamp.from(step.issuedAt()));
          statement.setString(9, step.ipAddress());
          statement.setObject(10, step.session());
          statement.setLong(11, step.from());
          statement.setInt(12, step.tokenKey());
        });
  }

  /// Notes that another presenter asked for the successor of `generation`. False if that generation
  /// is noted already, or the session moved on.
  public boolean noteCollision(UUID session, long generation) throws SQLException {
    return update(
        """
        update latchkey.oauth_sessions
           set collision_count = case when collision_generation = ? then collision_count + 1 else 1 end,
               collision_generation = ?
         where id = ? and generation = ? and collision_generation is distinct from ?
        """,
        statement -> {
          statement.setLong(1, generation - 1);
          statement.setLong(2, generation);
          statement.setObject(3, session);
          statement.setLong(4, generation);
          statement.setLong(5, generation);
        });
  }

  /// Marks a suspicion as told; false if one was told since `notSince`.
  public boolean noteSuspicion(UUID session, Instant now, Instant notSince) throws SQLException {
    return update(
        """
        update latchkey.oauth_sessions set suspected_at = ?
         where id = ? and (suspected_at is null or suspected_at < ?)
        """,
        statement -> {
          statement.setTimestamp(1, Timestamp.from(now));
          statement.setObject(2, session);
          statement.setTimestamp(3, Timestamp.from(notSince));
        });
  }

  private interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private boolean update(String sql, Binder binder) throws SQLException {
    try (Connection connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      binder.bind(statement);
      return statement.executeUpdate() == 1;
    }
  }

  private static SessionSnapshot read(ResultSet row) throws SQLException {
    return new SessionSnapshot(
        row.getObject("id", UUID.class),
        SessionKind.ofRow(row.getString("kind")),
        row.getObject("client_id", UUID.class),
        user(row),
        Scope.parse(row.getString("scope")).orElseThrow(),
        row.getString("device_id"),
        Columns.instant(row, "opened_at"),
        Columns.instant(row, "finished_at"),
        row.getLong("nonce"),
        row.getLong("generation"),
        row.getLong("used_generation"),
        row.getTimestamp("issued_at").toInstant(),
        row.getObject("access_ttl", Integer.class),
        row.getInt("token_key"),
        new LastRotation(
            row.getString("rotated_ip"),
            row.getString("rotated_agent"),
            row.getObject("collision_generation", Long.class),
            row.getInt("collision_count")),
        new Age(
            row.getTimestamp("created_at").toInstant(),
            Columns.instant(row, "last_active_at"),
            row.getBoolean("is_static")),
        userinfo(row));
  }

  private static Userinfo userinfo(ResultSet row) throws SQLException {
    var names = (String[]) row.getArray("userinfo_claims").getArray();
    var claims =
        Arrays.stream(names)
            .flatMap(name -> StandardClaim.parse(name).stream())
            .collect(Collectors.toSet());
    return new Userinfo(claims, row.getString("userinfo_signed_response_alg"));
  }

  private static @Nullable UserView user(ResultSet row) throws SQLException {
    var id = row.getObject("user_id", UUID.class);
    return id == null
        ? null
        : new UserView(
            id,
            row.getString("username"),
            row.getTimestamp("user_created_at").toInstant(),
            row.getBoolean("locked"),
            row.getBoolean("deactivated"),
            row.getBoolean("can_request_admin"),
            row.getBoolean("is_guest"));
  }
}
