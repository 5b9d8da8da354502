package latchkey.domain.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.OptionalInt;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.job.Jobs;
import latchkey.base.system.Ids;
import latchkey.domain.user.UserTurnRepository;
import org.jspecify.annotations.Nullable;

/// Takes app passwords of an account back, for the command line: plain JDBC, so that it works
/// without the server. Servers hear of what ends here from the database.
public final class AccountAppPasswordsRepository {
  private static final String REVOKE =
      """
      update latchkey.app_passwords set revoked_at = ?
       where user_id = ? and revoked_at is null and (cast(? as uuid) is null or id = ?)
      """;

  private static final String FINISH =
      """
      update latchkey.oauth_sessions s set finished_at = ?, finished_reason = ?
        from latchkey.app_passwords p
       where p.id = s.app_password_id and p.revoked_at = ? and s.user_id = ? and s.finished_at is null
      returning s.device_id
      """;

  private final DataSource database;
  private final Jobs jobs;
  private final Clock clock;

  public AccountAppPasswordsRepository(DataSource database, Clock clock, Ids ids) {
    this.database = database;
    this.jobs = new Jobs(database, clock, ids);
    this.clock = clock;
  }

  /// Revokes one, or all, and ends what was signed in with them; answers how many sessions that
  /// were, nothing if there was no such app password.
  ///
  /// @param id null for all
  public OptionalInt revoke(UUID user, @Nullable UUID id, boolean endSessions) throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        UserTurnRepository.take(connection, user);
        var now = Timestamp.from(clock.instant());
        if (revoke(connection, user, id, now) == 0) {
          connection.rollback();
          return OptionalInt.empty();
        }
        int ended = endSessions ? finish(connection, user, now) : 0;
        connection.commit();
        return OptionalInt.of(ended);
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private static int revoke(Connection connection, UUID user, @Nullable UUID id, Timestamp now)
      throws SQLException {
    try (var statement = connection.prepareStatement(REVOKE)) {
      statement.setTimestamp(1, now);
      statement.setObject(2, user);
      statement.setObject(3, id);
      statement.setObject(4, id);
      return statement.executeUpdate();
    }
  }

  private int finish(Connection connection, UUID user, Timestamp now) throws SQLException {
    try (var statement = connection.prepareStatement(FINISH)) {
      statement.setTimestamp(1, now);
      statement.setString(2, FinishReason.APP_PASSWORD_REVOKED.text());
      statement.setTimestamp(3, now);
      statement.setObject(4, user);
      try (var rows = statement.executeQuery()) {
        int ended = 0;
        while (rows.next()) {
          ended++;
          var device = rows.getString(1);
          if (device != null) {
            jobs.schedule(connection, DeleteDeviceJob.KIND, user, device);
          }
        }
        return ended;
      }
    }
  }
}
