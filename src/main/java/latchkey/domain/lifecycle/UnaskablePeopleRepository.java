package latchkey.domain.lifecycle;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/// Who came through a provider, still has something here, and left no refresh token that the
/// provider could be asked by: for the command line, with plain JDBC. The tables
/// `upstream_sessions`, `upstream_links`, `browser_sessions` and `oauth_sessions`.
public final class UnaskablePeopleRepository {
  private final DataSource database;

  public UnaskablePeopleRepository(DataSource database) {
    this.database = database;
  }

  /// How many people, by provider; those of which there are none are left out.
  public Map<UUID, Integer> count() throws SQLException {
    var sql =
        """
        select s.provider_id, count(distinct l.user_id) as people
          from latchkey.upstream_sessions s
          join latchkey.upstream_links l on l.id = s.link_id
          join latchkey.browser_sessions b on b.id = s.browser_session_id
         where s.consumed_at is not null and s.unlinked_at is null and s.encrypted_refresh_token is null
           and (b.finished_at is null
                or exists (select from latchkey.oauth_sessions o
                            where o.browser_session_id = b.id and o.finished_at is null))
           and not exists (select from latchkey.upstream_sessions n
                            where n.browser_session_id = s.browser_session_id and n.link_id = s.link_id
                              and n.encrypted_refresh_token is not null)
         group by s.provider_id having count(l.user_id) > 0
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql);
        var rows = statement.executeQuery()) {
      var people = new HashMap<UUID, Integer>();
      while (rows.next()) {
        people.put(rows.getObject("provider_id", UUID.class), rows.getInt("people"));
      }
      return people;
    }
  }
}
