package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.domain.session.Outages.Outage;

/// The tables `replicas` and `outages`.
@Singleton
class ReplicaRepository {
  private final DataSource database;

  ReplicaRepository(DataSource database) {
    this.database = database;
  }

  /// Notes up to when a replica has written everything down. If nobody has for long, that was an
  /// outage; so is all time before the first note.
  ///
  /// @param tolerance longer than between two notes of a replica
  void beat(UUID replica, UUID outage, Instant flushedAt, Instant now, Duration tolerance)
      throws SQLException {
    var sql =
        """
        with outage as (
          insert into latchkey.outages (id, began_at, ended_at)
          select ?, coalesce(max(flushed_at), 'epoch'), ? from latchkey.replicas
          having coalesce(max(flushed_at), 'epoch') < ?)
        insert into latchkey.replicas (id, flushed_at) values (?, ?)
            on conflict (id) do update
           set flushed_at = greatest(replicas.flushed_at, excluded.flushed_at), stopped_at = null
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, outage);
      statement.setTimestamp(2, Timestamp.from(now));
      statement.setTimestamp(3, Timestamp.from(now.minus(tolerance)));
      statement.setObject(4, replica);
      statement.setTimestamp(5, Timestamp.from(flushedAt));
      statement.executeUpdate();
    }
  }

  /// Nobody has to wait for this replica any more.
  void stop(UUID replica, Instant now) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "update latchkey.replicas set stopped_at = ? where id = ?")) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setObject(2, replica);
      statement.executeUpdate();
    }
  }

  /// Up to when every replica has written everything down, of those heard of since then.
  Instant horizon(Instant heardOfSince) throws SQLException {
    var sql =
        """
        select coalesce(min(flushed_at), 'epoch') from latchkey.replicas where stopped_at is null and flushed_at >= ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(heardOfSince));
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getTimestamp(1).toInstant();
      }
    }
  }

  /// All outages, by their beginning.
  List<Outage> outages() throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select began_at, ended_at from latchkey.outages order by began_at, ended_at");
        var rows = statement.executeQuery()) {
      var outages = new ArrayList<Outage>();
      while (rows.next()) {
        outages.add(new Outage(rows.getTimestamp(1).toInstant(), rows.getTimestamp(2).toInstant()));
      }
      return outages;
    }
  }

  /// Forgets outages that were over by then.
  void forgetOutages(Instant endedBy) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement("delete from latchkey.outages where ended_at <= ?")) {
      statement.setTimestamp(1, Timestamp.from(endedBy));
      statement.executeUpdate();
    }
  }

  /// Forgets replicas that are long gone; the last one heard of stays, to know of an outage.
  void forget(Instant before) throws SQLException {
    var sql =
        """
        delete from latchkey.replicas
         where flushed_at < ? and flushed_at < (select max(flushed_at) from latchkey.replicas)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(before));
      statement.executeUpdate();
    }
  }
}
