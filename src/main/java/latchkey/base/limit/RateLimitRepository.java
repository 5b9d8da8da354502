package latchkey.base.limit;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

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

  /// Deletes rows that say nothing any more; answers how many. No index helps: it would make every
  /// check dearer.
  int deleteIdle(int limit) throws SQLException {
    var sql =
        """
        delete from latchkey.rate_limits where key in (
          select key from latchkey.rate_limits where tat < statement_timestamp() limit ?
             for update skip locked)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, limit);
      return statement.executeUpdate();
    }
  }
}
