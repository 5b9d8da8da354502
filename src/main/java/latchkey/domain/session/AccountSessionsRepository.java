package latchkey.domain.session;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.database.Transactions;
import latchkey.base.job.Jobs;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.user.UserTurnRepository;

/// All sessions of one account, for the command line: plain JDBC, so that it works without the
/// server. Servers hear of what ends here from the database.
public final class AccountSessionsRepository {
  private final DataSource database;
  private final Jobs jobs;
  private final AuditEventRepository audit;
  private final Clock clock;

  public AccountSessionsRepository(DataSource database, Clock clock, Ids ids) {
    this.database = database;
    this.jobs = new Jobs(database, clock, ids);
    this.audit = new AuditEventRepository(database, clock, ids);
    this.clock = clock;
  }

  /// How many OAuth and browser sessions are live.
  public int count(UUID user) throws SQLException {
    var sql =
        """
        select (select count(*) from latchkey.oauth_sessions where user_id = ? and finished_at is null)
             + (select count(*) from latchkey.browser_sessions where user_id = ? and finished_at is null)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.setObject(2, user);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  /// Ends them, and schedules taking their devices away; how many there were.
  public int endAll(UUID user) throws SQLException {
    return Transactions.call(
        database,
        connection -> {
          int ended = endAll(connection, user, FinishReason.ENDED_BY_ADMIN);
          jobs.schedule(connection, SyncDevicesJob.KIND, user);
          audit.appendByAdmin(
              connection,
              "sessions_ended",
              user,
              null,
              new JsonObject().put("sessions_ended", ended));
          return ended;
        });
  }

  /// The same in the caller's transaction, who minds the devices.
  public int endAll(Connection connection, UUID user, FinishReason reason) throws SQLException {
    UserTurnRepository.take(connection, user);
    int ended =
        end(
                connection,
                user,
                "update latchkey.oauth_sessions set finished_at = ?, finished_reason = '%s'"
                    .formatted(reason.text()))
            + end(connection, user, "update latchkey.browser_sessions set finished_at = ?");
    withdrawApprovals(connection, user);
    return ended;
  }

  /// No client is to come back unasked (`prompt=none`).
  private static void withdrawApprovals(Connection connection, UUID user) throws SQLException {
    var sql = "delete from latchkey.approvals where user_id = ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.executeUpdate();
    }
  }

  private int end(Connection connection, UUID user, String update) throws SQLException {
    var sql = update + " where user_id = ? and finished_at is null";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(clock.instant()));
      statement.setObject(2, user);
      return statement.executeUpdate();
    }
  }
}
