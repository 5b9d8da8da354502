package latchkey.base.limit;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The table `rate_limits`, in autocommit: what was counted stays counted, whatever comes of the
/// request. Every time in it is the database's.
@Singleton
class RateLimitRepository {
  private final DataSource database;

  RateLimitRepository(DataSource database) {
    this.database = database;
  }

  /// Takes a permit if there is one, in one conditional statement: two that want the last one at
  /// the same moment get one between them, wherever they ask.
  boolean take(byte[] key, RateLimit limit) throws SQLException {
    var sql =
        """
        insert into latchkey.rate_limits as held (key, tat)
        values (?, statement_timestamp() + ? * interval '1 microsecond')
        on conflict (key) do update
           set tat = greatest(held.tat, statement_timestamp()) + ? * interval '1 microsecond'
         where held.tat <= statement_timestamp() + ? * interval '1 microsecond'
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      statement.setLong(2, limit.interval());
      statement.setLong(3, limit.interval());
      statement.setLong(4, limit.tolerance());
      return statement.executeUpdate() == 1;
    }
  }

  /// How long until a permit is there, rounded up to whole milliseconds; empty if it is there
  /// already.
  Optional<Duration> untilNext(byte[] key, RateLimit limit) throws SQLException {
    var sql =
        """
        select cast(extract(epoch from tat - statement_timestamp()) * 1000000 as bigint)
          from latchkey.rate_limits where key = ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      try (var row = statement.executeQuery()) {
        long micros = row.next() ? row.getLong(1) - limit.tolerance() : 0;
        return micros > 0
            ? Optional.of(Duration.ofMillis(Math.ceilDiv(micros, 1000)))
            : Optional.empty();
      }
    }
  }

  /// Gives a permit back that turned out not to be owed.
  void giveBack(byte[] key, RateLimit limit) throws SQLException {
    var sql =
        """
        update latchkey.rate_limits set tat = tat - ? * interval '1 microsecond'
         where key = ? and tat > statement_timestamp()
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, limit.interval());
      statement.setBytes(2, key);
      statement.executeUpdate();
    }
  }

  /// Keeps a row for so long. One that is nearly as young stays as it is: nothing is written.
  void remember(byte[] key, Duration time) throws SQLException {
    var sql =
        """
        insert into latchkey.rate_limits as held (key, tat)
        values (?, statement_timestamp() + ? * interval '1 second')
        on conflict (key) do update set tat = excluded.tat
         where held.tat < excluded.tat - interval '1 day'
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      statement.setLong(2, time.toSeconds());
      statement.executeUpdate();
    }
  }

  /// Whether the row is kept still.
  boolean remembers(byte[] key) throws SQLException {
    var sql = "select 1 from latchkey.rate_limits where key = ? and tat > statement_timestamp()";
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      try (var row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  /// A part of a walk through the table.
  ///
  /// @param deleted how many rows
  /// @param last the key to go on after; null at the end
  record Sweep(long deleted, byte @Nullable [] last) {}

  /// Looks at some rows, those with the lowest keys after this one, and deletes those that say
  /// nothing any more. There is no index on the time, which would make every check dearer, so a
  /// round walks through the table once, by the index that is there.
  Sweep deleteIdle(byte[] after, int looks) throws SQLException {
    var sql =
        """
        with seen as materialized (
          select key from latchkey.rate_limits where key > ? order by key limit ?),
        idle as (
          select r.key from seen join latchkey.rate_limits r on r.key = seen.key
           where r.tat < statement_timestamp() for update of r skip locked),
        gone as (
          delete from latchkey.rate_limits r using idle where r.key = idle.key returning 1)
        select (select count(*) from gone), (select count(*) from seen),
               (select key from seen order by key desc limit 1)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, after);
      statement.setInt(2, looks);
      try (var row = statement.executeQuery()) {
        row.next();
        return new Sweep(row.getLong(1), row.getLong(2) < looks ? null : row.getBytes(3));
      }
    }
  }
}
