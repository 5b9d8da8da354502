package latchkey.domain.audit;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.system.Ids;
import org.jspecify.annotations.Nullable;

/// The table `audit_events`: what an admin or a user must be able to see later. Appended, never
/// changed, but for the note that its user has seen it.
@Singleton
public class AuditEventRepository {
  /// Who did it, where nobody was signed in.
  private static final String BY_ADMIN = "an administrator, from the command line";

  private final DataSource database;
  private final Clock clock;
  private final Ids ids;

  public AuditEventRepository(DataSource database, Clock clock, Ids ids) {
    this.database = database;
    this.clock = clock;
    this.ids = ids;
  }

  /// Answers the id of the event.
  ///
  /// @param kind a word such as `refresh_token_reused`
  /// @param details addresses, agents, generations; never a secret
  public UUID append(
      String kind,
      @Nullable UUID user,
      @Nullable UUID client,
      @Nullable UUID session,
      JsonObject details)
      throws SQLException {
    try (var connection = database.getConnection()) {
      return append(connection, kind, user, client, session, details);
    }
  }

  /// What a verb of the command line did, in the transaction that it was done in.
  public void appendByAdmin(
      Connection connection,
      String kind,
      @Nullable UUID user,
      @Nullable UUID session,
      JsonObject details)
      throws SQLException {
    append(connection, kind, user, null, session, details.copy().put("by", BY_ADMIN));
  }

  /// What a verb of the command line did that is about no single account.
  public void appendByAdmin(String kind, JsonObject details) throws SQLException {
    try (var connection = database.getConnection()) {
      appendByAdmin(connection, kind, null, null, details);
    }
  }

  private UUID append(
      Connection connection,
      String kind,
      @Nullable UUID user,
      @Nullable UUID client,
      @Nullable UUID session,
      JsonObject details)
      throws SQLException {
    var now = clock.instant();
    var id = ids.next(now);
    var sql =
        """
        insert into latchkey.audit_events (id, at, kind, user_id, client_id, session_id, details)
        values (?, ?, ?, ?, ?, ?, cast(? as jsonb))
        """;
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, id);
      statement.setTimestamp(2, Timestamp.from(now));
      statement.setString(3, kind);
      statement.setObject(4, user);
      statement.setObject(5, client);
      statement.setObject(6, session);
      statement.setString(7, details.encode());
      statement.executeUpdate();
      return id;
    }
  }
}
