package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/// The table `token_keys`, and which live sessions lean on which key: a session leans on the key of
/// its current tokens, and on the one before for as long as none of these was seen in use, because
/// its client may still hold the tokens before. A session that is opening has no token yet.
@Singleton
class TokenKeyRepository {
  /// @param sessions how many live sessions lean on the key
  record Use(int key, long sessions) {}

  /// A job's id of the time given in milliseconds and the session's chance, as `Ids.text` spells
  /// it: 130 bits, five to a character.
  private static final String JOB_ID =
      """
      (select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + substring(bits from 5 * i + 1 for 5)::int, 1),
                         '' order by i)
         from generate_series(0, 25) as i,
              lateral (select B'00' || ('x' || lpad(to_hex(?::bigint), 12, '0')
                 || right(replace(id::text, '-', ''), 20))::bit(128) as bits) as spelt)""";

  private static final int AT_A_TIME = 10_000;

  private final DataSource database;

  TokenKeyRepository(DataSource database) {
    this.database = database;
  }

  /// What the table says of a key.
  ///
  /// @param added whether it was new to this database
  record Known(byte[] checkValue, boolean added) {
    public Known {
      checkValue = checkValue.clone();
    }

    boolean is(TokenKey key) {
      return !key.hasSecret() || MessageDigest.isEqual(checkValue, key.checkValue());
    }
  }

  /// Remembers a key, and for good that it is withdrawn. A key of the same id with another secret
  /// is left as it is.
  Known register(TokenKey key, Instant now) throws SQLException {
    var sql =
        """
        with registered as (
          insert into latchkey.token_keys as known (id, check_value, first_seen_at, withdrawn_at) values (?, ?, ?, ?)
          on conflict (id) do update
             set withdrawn_at = coalesce(known.withdrawn_at, excluded.withdrawn_at)
           where known.check_value = excluded.check_value or ?
          returning check_value, xmax = 0 as added)
        select check_value, added from registered
        union all
        select check_value, false from latchkey.token_keys where id = ?
        limit 1
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, key.id());
      statement.setBytes(2, key.checkValue());
      statement.setTimestamp(3, Timestamp.from(now));
      statement.setTimestamp(4, key.withdrawn() ? Timestamp.from(now) : null);
      statement.setBoolean(5, !key.hasSecret());
      statement.setInt(6, key.id());
      try (var rows = statement.executeQuery()) {
        rows.next();
        return new Known(rows.getBytes(1), rows.getBoolean(2));
      }
    }
  }

  /// Withdraws a key that the table has as good, or has not at all, as after a failover or in an
  /// old backup; true if that was so.
  boolean withdrawAgain(TokenKey key, Instant now) throws SQLException {
    var sql =
        """
        insert into latchkey.token_keys as known (id, check_value, first_seen_at, withdrawn_at) values (?, ?, ?, ?)
        on conflict (id) do update set withdrawn_at = excluded.withdrawn_at where known.withdrawn_at is null
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, key.id());
      statement.setBytes(2, key.checkValue());
      statement.setTimestamp(3, Timestamp.from(now));
      statement.setTimestamp(4, Timestamp.from(now));
      return statement.executeUpdate() == 1;
    }
  }

  /// What the table says of the key of an id.
  Optional<Known> find(int id) throws SQLException {
    var sql = "select check_value from latchkey.token_keys where id = ?";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, id);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(new Known(rows.getBytes(1), false)) : Optional.empty();
      }
    }
  }

  /// Whether the table is there, as it is once a server has been.
  boolean isThere() throws SQLException {
    var sql = "select to_regclass('latchkey.token_keys') is not null";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql);
        var row = statement.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /// Whether no key was ever used on this database.
  boolean isEmpty() throws SQLException {
    var sql = "select not exists (select from latchkey.token_keys)";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql);
        var row = statement.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /// The keys that were withdrawn here at some time, whether or not a server still lists them.
  Set<Integer> withdrawn() throws SQLException {
    var sql = "select id from latchkey.token_keys where withdrawn_at is not null";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql);
        var rows = statement.executeQuery()) {
      var ids = new HashSet<Integer>();
      while (rows.next()) {
        ids.add(rows.getInt(1));
      }
      return ids;
    }
  }

  List<Use> keysInUse() throws SQLException {
    var sql =
        """
        select key, count(*) from (
          select token_key as key from latchkey.oauth_sessions where finished_at is null and opened_at is not null
          union all
          select previous_token_key from latchkey.oauth_sessions
           where finished_at is null and opened_at is not null
             and previous_token_key <> token_key and used_generation < generation) as leaning
         group by key order by key
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql);
        var rows = statement.executeQuery()) {
      var uses = new ArrayList<Use>();
      while (rows.next()) {
        uses.add(new Use(rows.getInt(1), rows.getLong(2)));
      }
      return uses;
    }
  }

  /// Ends the sessions that lean on the key, with the jobs that take their devices away, so many at
  /// a time that no statement lasts long. The key is withdrawn already, so no new ones come.
  void endSessions(int key, Instant now) throws SQLException {
    Optional<UUID> last = Optional.of(new UUID(0, 0));
    while (last.isPresent()) {
      last = endSessions(key, now, last.get());
    }
  }

  /// The next of them; gives the last one it saw, or none if there are no more.
  private Optional<UUID> endSessions(int key, Instant now, UUID after) throws SQLException {
    var sql =
        """
        with leaning as (
          select id from latchkey.oauth_sessions
           where id > ? and finished_at is null and opened_at is not null
             and (token_key = ? or (previous_token_key = ? and used_generation < generation))
           order by id limit ?),
        ended as (
          update latchkey.oauth_sessions s set finished_at = ?, finished_reason = 'key_withdrawn'
            from leaning where s.id = leaning.id and s.finished_at is null
             and (s.token_key = ? or (s.previous_token_key = ? and s.used_generation < s.generation))
          returning s.id, s.user_id, s.device_id),
        queued as (
          insert into latchkey.scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version)
          select 'delete-device', %s,
                 convert_to(user_id::text || chr(10)
                   || replace(replace(device_id, chr(92), chr(92) || chr(92)), chr(10), chr(92) || 'n'), 'UTF8'),
                 ?, false, 1
            from ended where user_id is not null and device_id is not null)
        select id from leaning order by id desc limit 1
        """
            .formatted(JOB_ID);
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      var at = Timestamp.from(now);
      statement.setObject(1, after);
      statement.setInt(2, key);
      statement.setInt(3, key);
      statement.setInt(4, AT_A_TIME);
      statement.setTimestamp(5, at);
      statement.setInt(6, key);
      statement.setInt(7, key);
      statement.setLong(8, now.toEpochMilli());
      statement.setTimestamp(9, at);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getObject(1, UUID.class)) : Optional.empty();
      }
    }
  }
}
