package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.oauth.Scope;

/// Scopes that people may ask for because of the groups they are in at a provider: a column of
/// `upstream_links`. Plain JDBC in autocommit.
@Singleton
public class UpstreamScopesRepository {
  /// What the rules know by themselves, and nobody needs a group for.
  private static final Set<String> COMMON =
      Set.of(Scope.OPENID, Scope.EMAIL, Scope.PROFILE, Scope.OFFLINE_ACCESS);

  private static final List<String> COMMON_PREFIXES =
      List.of("urn:matrix:client:", "urn:matrix:org.matrix.msc2967.client:");

  private final DataSource database;

  UpstreamScopesRepository(DataSource database) {
    this.database = database;
  }

  /// The scopes of a user's groups. The database is not asked where everything that is asked for is
  /// common.
  ///
  /// @param asked what it is about
  public Set<String> of(UUID user, Scope asked) {
    if (asked.tokens().stream().allMatch(UpstreamScopesRepository::isCommon)) {
      return Set.of();
    }
    var sql =
        """
        select unnest(l.granted_scopes) from latchkey.upstream_links l
          join latchkey.upstream_providers p on p.id = l.provider_id and p.disabled_at is null
         where l.user_id = ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      try (var rows = statement.executeQuery()) {
        var scopes = new HashSet<String>();
        while (rows.next()) {
          scopes.add(rows.getString(1));
        }
        return scopes;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Whether a user may ask for any scope because of their groups.
  ///
  /// @param without a provider whose groups do not count
  public boolean hasAny(UUID user, Optional<UUID> without) throws SQLException {
    var sql =
        """
        select from latchkey.upstream_links l
          join latchkey.upstream_providers p on p.id = l.provider_id and p.disabled_at is null
         where l.user_id = ? and l.granted_scopes <> '{}' and l.provider_id is distinct from ? limit 1
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, user);
      statement.setObject(2, without.orElse(null), Types.OTHER);
      try (var row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static boolean isCommon(String scope) {
    return COMMON.contains(scope) || COMMON_PREFIXES.stream().anyMatch(scope::startsWith);
  }
}
