package latchkey.domain.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import latchkey.base.job.Jobs;

/// The sessions of a client that goes for good. Plain JDBC in the caller's transaction.
public final class ClientSessionsRepository {
  private static final String FINISH =
      """
      update latchkey.oauth_sessions set finished_at = ?, finished_reason = ?
       where client_id = ? and finished_at is null
      returning user_id, device_id, opened_at is not null as live
      """;

  /// A genuine token without a session would mean that data was lost. These are known to be gone.
  private static final String MARK =
      """
      insert into latchkey.lost_sessions (session_id, issued_at, noticed_at, deleted_at)
      select id, issued_at, cast(? as timestamptz), cast(? as timestamptz)
        from latchkey.oauth_sessions where client_id = ?
      on conflict (session_id) do update set deleted_at = excluded.deleted_at
      """;

  private final Jobs jobs;

  public ClientSessionsRepository(Jobs jobs) {
    this.jobs = jobs;
  }

  /// Ends the live sessions of the client, with the jobs that take their devices away, and deletes
  /// all of them. Answers how many were live.
  public int remove(Connection connection, UUID client, Instant now) throws SQLException {
    int live = finish(connection, client, now);
    try (var statement = connection.prepareStatement(MARK)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setTimestamp(2, Timestamp.from(now));
      statement.setObject(3, client);
      statement.executeUpdate();
    }
    try (var statement =
        connection.prepareStatement("delete from latchkey.oauth_sessions where client_id = ?")) {
      statement.setObject(1, client);
      statement.executeUpdate();
    }
    return live;
  }

  /// First ended and then deleted, so that whoever watches for endings sees them.
  private int finish(Connection connection, UUID client, Instant now) throws SQLException {
    try (var statement = connection.prepareStatement(FINISH)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setString(2, FinishReason.CLIENT_REMOVED.text());
      statement.setObject(3, client);
      try (var rows = statement.executeQuery()) {
        int live = 0;
        while (rows.next()) {
          live += rows.getBoolean("live") ? 1 : 0;
          var user = rows.getObject("user_id", UUID.class);
          var device = rows.getString("device_id");
          if (user != null && device != null) {
            jobs.schedule(connection, DeleteDeviceJob.KIND, user, device);
          }
        }
        return live;
      }
    }
  }
}
