package latchkey.domain.notice;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import latchkey.domain.notice.Incident.Kind;
import latchkey.domain.notice.Incident.Place;

/// The table `audit_events`, as far as users are told of it.
@Singleton
class IncidentRepository {
  private static final String KINDS = quoted(Arrays.stream(Kind.values()).map(Kind::text));

  /// What is unseen has an index, which wants the kinds spelt out.
  private static final String SELECT =
      """
      select e.id, e.at, e.kind, e.user_id, e.client_id, e.session_id, e.details, e.acknowledged_at is not null as seen,
             s.id is not null and s.finished_at is null as live, s.finished_reason, s.human_name, s.user_agent
        from latchkey.audit_events e left join latchkey.oauth_sessions s on s.id = e.session_id
       where e.kind in (%s) and e.session_id is not null
      """
          .formatted(KINDS);

  /// See [Incident#matters].
  private static final String MATTERS =
      " and (e.kind <> '%s' or s.id is not null and s.finished_at is null or s.finished_reason in (%s))"
          .formatted(Kind.SUSPICION.text(), quoted(Incident.PROTECTING.stream()));

  private final DataSource database;

  IncidentRepository(DataSource database) {
    this.database = database;
  }

  private interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  Optional<Incident> find(UUID id) throws SQLException {
    return list(SELECT + " and e.id = ? and e.user_id is not null", it -> it.setObject(1, id))
        .stream()
        .findFirst();
  }

  private static String quoted(Stream<String> texts) {
    return texts.map(text -> "'" + text + "'").collect(Collectors.joining(", "));
  }

  /// What the user has not seen and matters, newest first.
  List<Incident> unseen(UUID user, int limit) throws SQLException {
    return list(
        SELECT
            + MATTERS
            + " and e.user_id = ? and e.acknowledged_at is null order by e.id desc limit ?",
        statement -> {
          statement.setObject(1, user);
          statement.setInt(2, limit);
        });
  }

  /// Notes that the user has seen these; those of others, and questions, stay as they are.
  void acknowledge(UUID user, Collection<UUID> ids, Instant now) throws SQLException {
    var sql =
        """
        update latchkey.audit_events e set acknowledged_at = ?
         where e.user_id = ? and e.id = any (?) and e.acknowledged_at is null
           and not (e.kind = ? and exists (select from latchkey.oauth_sessions s
                                            where s.id = e.session_id and s.finished_at is null))
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setObject(2, user);
      statement.setArray(3, connection.createArrayOf("uuid", ids.toArray()));
      statement.setString(4, Kind.SUSPICION.text());
      statement.executeUpdate();
    }
  }

  /// Notes that the user has answered whatever was asked about this session.
  void acknowledgeSuspicions(UUID user, UUID session, Instant now) throws SQLException {
    var sql =
        """
        update latchkey.audit_events set acknowledged_at = ?
         where user_id = ? and session_id = ? and kind = ? and acknowledged_at is null
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setObject(2, user);
      statement.setObject(3, session);
      statement.setString(4, Kind.SUSPICION.text());
      statement.executeUpdate();
    }
  }

  private List<Incident> list(String sql, Binder binder) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      binder.bind(statement);
      try (var rows = statement.executeQuery()) {
        var incidents = new ArrayList<Incident>();
        while (rows.next()) {
          incidents.add(read(rows));
        }
        return incidents;
      }
    }
  }

  private static Incident read(ResultSet row) throws SQLException {
    var details = new JsonObject(row.getString("details"));
    return new Incident(
        row.getObject("id", UUID.class),
        row.getTimestamp("at").toInstant(),
        Kind.parse(row.getString("kind")).orElseThrow(),
        row.getObject("user_id", UUID.class),
        row.getObject("client_id", UUID.class),
        row.getObject("session_id", UUID.class),
        row.getBoolean("live"),
        row.getString("finished_reason"),
        details.getString("device_id"),
        row.getString("human_name"),
        row.getString("user_agent"),
        new Place(details.getString("rotated_ip_address"), details.getString("rotated_user_agent")),
        new Place(details.getString("ip_address"), details.getString("user_agent")),
        row.getBoolean("seen"));
  }
}
