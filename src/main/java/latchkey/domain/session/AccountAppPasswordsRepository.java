package latchkey.domain.session;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.database.Transactions;
import latchkey.base.job.Jobs;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.user.UserTurnRepository;
import org.jspecify.annotations.Nullable;

/// Takes app passwords of an account back, for the command line: plain JDBC, so that it works
/// without the server. Servers hear of what ends here from the database.
public final class AccountAppPasswordsRepository {
  private static final String REVOKE =
      """
      update latchkey.app_passwords set revoked_at = ?
       where user_id = ? and revoked_at is null and (cast(? as uuid) is null or id = ?)
      returning id
      """;

  private static final String FINISH =
      """
      update latchkey.oauth_sessions set finished_at = ?, finished_reason = ?
       where app_password_id = ? and user_id = ? and finished_at is null
      returning device_id
      """;

  private final DataSource database;
  private final Jobs jobs;
  private final AuditEventRepository audit;
  private final Clock clock;

  public AccountAppPasswordsRepository(DataSource database, Clock clock, Ids ids) {
    this.database = database;
    this.jobs = new Jobs(database, clock, ids);
    this.audit = new AuditEventRepository(database, clock, ids);
    this.clock = clock;
  }

  /// Revokes one, or all, and ends what was signed in with them; answers how many sessions that
  /// were, nothing if there was no such app password.
  ///
  /// @param id null for all
  public OptionalInt revoke(UUID user, @Nullable UUID id, boolean endSessions) throws SQLException {
    return Transactions.call(database, connection -> revoke(connection, user, id, endSessions));
  }

  private OptionalInt revoke(
      Connection connection, UUID user, @Nullable UUID id, boolean endSessions)
      throws SQLException {
    UserTurnRepository.take(connection, user);
    var now = Timestamp.from(clock.instant());
    var revoked = revoke(connection, user, id, now);
    int ended = 0;
    for (var one : revoked) {
      int finished = endSessions ? finish(connection, user, one, now) : 0;
      audit.appendByAdmin(
          connection,
          "app_password_revoked",
          user,
          null,
          new JsonObject().put("app_password_id", Ids.text(one)).put("sessions_ended", finished));
      ended += finished;
    }
    return revoked.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ended);
  }

  private static List<UUID> revoke(
      Connection connection, UUID user, @Nullable UUID id, Timestamp now) throws SQLException {
    try (var statement = connection.prepareStatement(REVOKE)) {
      statement.setTimestamp(1, now);
      statement.setObject(2, user);
      statement.setObject(3, id);
      statement.setObject(4, id);
      try (var rows = statement.executeQuery()) {
        var revoked = new ArrayList<UUID>();
        while (rows.next()) {
          revoked.add(rows.getObject(1, UUID.class));
        }
        return revoked;
      }
    }
  }

  private int finish(Connection connection, UUID user, UUID appPassword, Timestamp now)
      throws SQLException {
    try (var statement = connection.prepareStatement(FINISH)) {
      statement.setTimestamp(1, now);
      statement.setString(2, FinishReason.APP_PASSWORD_REVOKED.text());
      statement.setObject(3, appPassword);
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
