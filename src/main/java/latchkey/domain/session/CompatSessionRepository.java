package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.oauth.Scope;
import org.jspecify.annotations.Nullable;

/// The rows of `oauth_sessions` that legacy logins make. Plain JDBC: one statement a method, each
/// change conditional.
@Singleton
public class CompatSessionRepository {
  private final DataSource database;

  public CompatSessionRepository(DataSource database) {
    this.database = database;
  }

  /// A session to be.
  ///
  /// @param browserSession the one that its login went through, if it did
  /// @param appPassword the one that its login was proven with, if it was
  /// @param accessTtl in seconds; null for an access token that does not expire, without a refresh
  ///   token
  /// @param name what its client calls the device
  public record Opening(
      UUID session,
      UUID user,
      @Nullable UUID browserSession,
      @Nullable UUID appPassword,
      Scope scope,
      String deviceId,
      long nonce,
      @Nullable Integer accessTtl,
      int tokenKey,
      @Nullable String name,
      @Nullable String userAgent,
      @Nullable String ipAddress) {}

  /// Writes it down; no token of it works yet.
  public void begin(Opening opening, Instant now) throws SQLException {
    var sql =
        """
        insert into latchkey.oauth_sessions (kind, id, user_id, browser_session_id, app_password_id, scope, device_id, created_at,
               nonce, issued_at, access_ttl, token_key, human_name, user_agent, last_active_at, last_active_ip)
        values ('compat', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as inet))
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      var at = Timestamp.from(now);
      int i = 0;
      statement.setObject(++i, opening.session());
      statement.setObject(++i, opening.user());
      statement.setObject(++i, opening.browserSession());
      statement.setObject(++i, opening.appPassword());
      statement.setString(++i, opening.scope().toString());
      statement.setString(++i, opening.deviceId());
      statement.setTimestamp(++i, at);
      statement.setLong(++i, opening.nonce());
      statement.setTimestamp(++i, at);
      statement.setObject(++i, opening.accessTtl());
      statement.setInt(++i, opening.tokenKey());
      statement.setString(++i, opening.name());
      statement.setString(++i, opening.userAgent());
      statement.setTimestamp(++i, at);
      statement.setString(++i, opening.ipAddress());
      statement.executeUpdate();
    }
  }

  /// Opens it. False if it ended, or the key was withdrawn, meanwhile.
  public boolean open(UUID session, int tokenKey, Instant now) throws SQLException {
    var sql =
        """
        update latchkey.oauth_sessions set opened_at = ?, issued_at = ?, token_key = ?
         where id = ? and opened_at is null and finished_at is null
           and not exists (select from latchkey.token_keys k where k.id = ? and k.withdrawn_at is not null)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setTimestamp(2, Timestamp.from(now));
      statement.setInt(3, tokenKey);
      statement.setObject(4, session);
      statement.setInt(5, tokenKey);
      return statement.executeUpdate() == 1;
    }
  }
}
