package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// What people have here because of groups at some providers: columns of `upstream_links`. To be
/// told of when a provider is disabled, which leaves admin rights and takes scopes. Plain JDBC in
/// autocommit.
@Singleton
public class RestingRightsRepository {
  private final DataSource database;

  public RestingRightsRepository(DataSource database) {
    this.database = database;
  }

  /// @param admins how many people the provider made admins
  /// @param scoped how many people may ask for scopes because of their groups there
  public record RestingRights(UUID provider, int admins, int scoped) {
    /// In the words of a line each, after the name of the provider.
    public List<String> lines() {
      var lines = new ArrayList<String>();
      if (admins > 0) {
        lines.add(
            "%d people whom its groups made admins stay that as long as it is disabled"
                .formatted(admins));
      }
      if (scoped > 0) {
        lines.add(
            "%d people may not ask for the scopes of their groups there as long as it is disabled: apps that hold one are signed out at their next refresh"
                .formatted(scoped));
      }
      return lines;
    }
  }

  /// Of those providers, the ones that gave anybody anything.
  public List<RestingRights> of(Collection<UUID> providers) throws SQLException {
    var sql =
        """
        select provider_id, count(distinct user_id) filter (where gave_admin) as admins,
               count(distinct user_id) filter (where granted_scopes <> '{}') as scoped
          from latchkey.upstream_links
         where provider_id = any (?) and user_id is not null and (gave_admin or granted_scopes <> '{}')
         group by provider_id order by provider_id
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("uuid", providers.toArray()));
      try (var rows = statement.executeQuery()) {
        var all = new ArrayList<RestingRights>();
        while (rows.next()) {
          all.add(
              new RestingRights(
                  rows.getObject("provider_id", UUID.class),
                  rows.getInt("admins"),
                  rows.getInt("scoped")));
        }
        return all;
      }
    }
  }
}
