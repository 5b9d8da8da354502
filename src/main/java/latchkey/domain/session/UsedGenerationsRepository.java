package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/// Writes down which generations are in use: few rows at a time, in the order of ids, and never
/// waiting for a row that somebody else holds.
@Singleton
class UsedGenerationsRepository {
  static final int BATCH = 500;

  private final DataSource database;

  UsedGenerationsRepository(DataSource database) {
    this.database = database;
  }

  /// Raises the rows that are free. Returns the marks that need no further writing: those raised,
  /// those already as high, and those whose session is gone.
  Map<UUID, Long> raise(Map<UUID, Long> marks) throws SQLException {
    var done = new HashMap<UUID, Long>();
    var ids = new ArrayList<>(marks.keySet());
    for (int from = 0; from < ids.size(); from += BATCH) {
      raise(ids.subList(from, Math.min(ids.size(), from + BATCH)), marks, done);
    }
    return done;
  }

  private void raise(List<UUID> ids, Map<UUID, Long> marks, Map<UUID, Long> done)
      throws SQLException {
    var sql =
        """
        with wanted (id, used) as (select * from unnest(?, ?)),
             free as (select s.id, w.used from latchkey.oauth_sessions s join wanted w on w.id = s.id
                       where s.used_generation < w.used
                       order by s.id for update of s skip locked),
             raised as (update latchkey.oauth_sessions s set used_generation = greatest(s.used_generation, f.used)
                          from free f where s.id = f.id returning s.id)
        select id from raised
        union all
        select w.id from wanted w
         where not exists (select from latchkey.oauth_sessions s where s.id = w.id and s.used_generation < w.used)
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
      statement.setArray(
          2, connection.createArrayOf("bigint", ids.stream().map(marks::get).toArray()));
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var id = rows.getObject(1, UUID.class);
          done.put(id, marks.get(id));
        }
      }
    }
  }
}
