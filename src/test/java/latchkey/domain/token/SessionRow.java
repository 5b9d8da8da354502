package latchkey.domain.token;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.crypto.Digest;
import latchkey.domain.token.history.Observed;
import latchkey.domain.token.history.Setup;
import latchkey.world.World;
import org.jspecify.annotations.Nullable;

/// A session of its own user, written straight into the database, and what operators, failovers and
/// restored backups do to its row.
final class SessionRow {
  private static final String COLUMNS =
      """
      finished_at, finished_reason, generation, used_generation, issued_at, access_ttl, token_key,
      previous_token_key, rotated_ip, rotated_agent, collision_generation, collision_count, suspected_at
      """;

  /// A token of another maker.
  record ForeignToken(String text, TokenKind kind, long generation, @Nullable Instant expiresAt) {}

  private final DataSource database;
  private final UUID id;
  private final UUID user;
  private final String username;
  private final String device = World.device();
  private final List<ForeignToken> foreign = new ArrayList<>();
  private final List<@Nullable String> backups = new ArrayList<>();
  private final Instant begun;

  SessionRow(DataSource database, UUID id, UUID user, Instant begun) {
    this.database = database;
    this.id = id;
    this.user = user;
    this.username = "history-" + user;
    this.begun = begun;
  }

  UUID id() {
    return id;
  }

  String username() {
    return username;
  }

  String device() {
    return device;
  }

  void begin(UUID client, long nonce) throws SQLException {
    run(
        "insert into latchkey.users (id, username, created_at) values (?, ?, ?)",
        user,
        username,
        Timestamp.from(begun));
    run(
        """
        insert into latchkey.oauth_sessions (id, client_id, user_id, scope, device_id, created_at, opened_at, nonce,
               generation, used_generation, issued_at, access_ttl, token_key)
        values (?, ?, ?, ?, ?, ?, ?, ?, 0, -1, ?, ?, 1)
        """,
        id,
        client,
        user,
        World.scope(device),
        device,
        Timestamp.from(begun),
        Timestamp.from(begun),
        nonce,
        Timestamp.from(begun),
        (int) Setup.TTL);
  }

  /// A successor was given out elsewhere, and is not in use.
  void hasSuccessor() throws SQLException {
    run("update latchkey.oauth_sessions set generation = 1, used_generation = 0 where id = ?", id);
  }

  void add(ForeignToken token) throws SQLException {
    foreign.add(token);
    insert(token);
  }

  private void insert(ForeignToken token) throws SQLException {
    run(
        """
        insert into latchkey.foreign_tokens (digest, session_id, kind, generation, issued_at, expires_at)
        values (?, ?, ?, ?, ?, ?)
        """,
        Digest.sha256(token.text()),
        id,
        token.kind().prefix(),
        token.generation(),
        Timestamp.from(begun),
        token.expiresAt() == null ? null : Timestamp.from(token.expiresAt()));
  }

  void lock(boolean locked) throws SQLException {
    run(
        "update latchkey.users set locked_at = ? where id = ?",
        locked ? Timestamp.from(begun) : null,
        user);
  }

  void deactivate() throws SQLException {
    run("update latchkey.users set deactivated_at = ? where id = ?", Timestamp.from(begun), user);
  }

  void backUp() throws SQLException {
    backups.add(find("select to_jsonb(s)::text from latchkey.oauth_sessions s where id = ?", id));
  }

  void restore(int backup) throws SQLException {
    var row = backups.get(backup);
    if (row == null) {
      vanish();
      return;
    }
    boolean isThere =
        run(
            """
            update latchkey.oauth_sessions set (%1$s) =
                   (select %1$s from jsonb_populate_record(null::latchkey.oauth_sessions, cast(? as jsonb)))
             where id = ?
            """
                .formatted(COLUMNS),
            row,
            id);
    if (!isThere) {
      run(
          """
          insert into latchkey.oauth_sessions
          select * from jsonb_populate_record(null::latchkey.oauth_sessions, cast(? as jsonb))
          """,
          row);
      for (var token : foreign) {
        insert(token);
      }
    }
  }

  /// A backup from before the session began.
  void vanish() throws SQLException {
    run("delete from latchkey.oauth_sessions where id = ?", id);
  }

  void acceptLoss(Instant now) throws SQLException {
    run(
        """
        insert into latchkey.lost_sessions (session_id, issued_at, noticed_at, accepted_at) values (?, ?, ?, ?)
        on conflict (session_id) do update set accepted_at = excluded.accepted_at
        """,
        id,
        Timestamp.from(begun),
        Timestamp.from(now),
        Timestamp.from(now));
  }

  /// Leaves nothing that others would stumble over.
  void cleanUp() throws SQLException {
    run("delete from latchkey.lost_sessions where session_id = ?", id);
    run(
        """
        update latchkey.oauth_sessions set finished_at = ?, finished_reason = 'revoked'
         where id = ? and finished_at is null
        """,
        Timestamp.from(begun),
        id);
    run("update latchkey.token_keys set withdrawn_at = null");
  }

  /// @param deviceIsThere whether the homeserver has it; asked after the queue, since a job leaves
  ///   the queue after its deed
  Observed observe(java.util.function.BooleanSupplier deviceIsThere) throws SQLException {
    var sql =
        """
        select s.id is not null, coalesce(s.generation, -1), coalesce(s.used_generation, -1), s.issued_at,
               s.finished_reason, a.reused, a.adopted, a.suspected, q.queued
          from (select count(*) filter (where kind = 'refresh_token_reused') as reused,
                       count(*) filter (where kind = 'lost_rotation_adopted') as adopted,
                       count(*) filter (where kind = 'refresh_suspicion') as suspected
                  from latchkey.audit_events where user_id = ?) a,
               (select count(*) as queued from latchkey.scheduled_tasks
                 where task_name = 'delete-device' and task_data = convert_to(?, 'UTF8')) q
          left join latchkey.oauth_sessions s on s.id = ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      bind(statement, user, user + "\n" + device, id);
      try (var row = statement.executeQuery()) {
        row.next();
        var issuedAt = row.getTimestamp(4);
        boolean queued = row.getInt(9) > 0;
        return new Observed(
            row.getBoolean(1),
            row.getLong(2),
            row.getLong(3),
            issuedAt == null ? 0 : issuedAt.toInstant().getEpochSecond(),
            row.getString(5),
            row.getInt(6),
            row.getInt(7),
            row.getInt(8),
            queued || !deviceIsThere.getAsBoolean());
      }
    }
  }

  private @Nullable String find(String sql, Object parameter) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      bind(statement, parameter);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }

  private boolean run(String sql, @Nullable Object... parameters) throws SQLException {
    try (Connection connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      return statement.executeUpdate() > 0;
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }
}
