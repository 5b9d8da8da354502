package latchkey.domain.token;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.database.Transactions;
import latchkey.domain.audit.AuditEventRepository;

/// The table `lost_sessions`.
@Singleton
public class LostSessionRepository {
  private final DataSource database;

  public LostSessionRepository(DataSource database) {
    this.database = database;
  }

  /// Notes a missing session. False if it was deleted on purpose, or an admin has accepted its
  /// loss, by itself or with all before a moment.
  boolean note(UUID session, Instant issuedAt, Instant now) throws SQLException {
    var sql =
        """
        with accepted as (
          select max(accepted_at) as at from latchkey.lost_sessions)
        insert into latchkey.lost_sessions (session_id, issued_at, noticed_at)
        select ?, ?, ? from accepted where accepted.at is null or accepted.at < ?
        on conflict (session_id) do update set noticed_at = excluded.noticed_at
         where latchkey.lost_sessions.accepted_at is null and latchkey.lost_sessions.deleted_at is null
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, session);
      statement.setTimestamp(2, Timestamp.from(issuedAt));
      statement.setTimestamp(3, Timestamp.from(now));
      statement.setTimestamp(4, Timestamp.from(issuedAt));
      return statement.executeUpdate() == 1;
    }
  }

  /// Deletes what no token young enough to matter can ask about any more; answers how many.
  int deleteOld(Instant before, int limit) throws SQLException {
    var sql =
        """
        delete from latchkey.lost_sessions where session_id in (
          select session_id from latchkey.lost_sessions
           where accepted_at < ?
              or (accepted_at is null and greatest(issued_at, noticed_at, deleted_at) < ?)
           limit ? for update skip locked)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(before));
      statement.setTimestamp(2, Timestamp.from(before));
      statement.setInt(3, limit);
      return statement.executeUpdate();
    }
  }

  /// Gives up every session noticed so far, and those like them that were issued before now, by the
  /// database's clock: a command line has not learnt it. Answers how many were noticed.
  public int acceptAll(AuditEventRepository audit) throws SQLException {
    var sql =
        """
        update latchkey.lost_sessions set accepted_at = now() where accepted_at is null and deleted_at is null
        """;
    return Transactions.call(
        database,
        connection -> {
          try (var statement = connection.prepareStatement(sql)) {
            int accepted = statement.executeUpdate();
            audit.appendByAdmin(
                connection,
                "loss_accepted",
                null,
                null,
                new JsonObject().put("sessions_noticed", accepted));
            return accepted;
          }
        });
  }
}
