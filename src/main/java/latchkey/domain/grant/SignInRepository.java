package latchkey.domain.grant;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.base.oauth.Acr;

/// What there is to say of the last sign-in of a browser session. Plain JDBC in autocommit.
@Singleton
class SignInRepository {
  /// In SQL, the `acr` that the ID token of a browser session `b` says, last proven by the trip `p`
  /// if it was by one: as [CodeGrantRepository] and [latchkey.base.oauth.Acr] have it.
  static final String ACR =
      """
      coalesce(p.acr, case when 'pwd' = any(case when cardinality(p.amr) > 0 then p.amr else b.amr end) then '%s' end)
      """
          .formatted(Acr.PASSWORD)
          .strip();

  private final DataSource database;

  SignInRepository(DataSource database) {
    this.database = database;
  }

  /// @param acr how well somebody has proved who they are, if there is a word for it
  /// @param grant what they went to a provider for, if they did
  record SignIn(Optional<String> acr, Optional<UUID> grant) {
    static final SignIn UNKNOWN = new SignIn(Optional.empty(), Optional.empty());
  }

  SignIn of(UUID browserSession) throws SQLException {
    var sql =
        """
        select %s as acr, p.grant_id
          from latchkey.browser_sessions b
          left join latchkey.upstream_sessions p on p.id = b.upstream_session_id
         where b.id = ?
        """
            .formatted(ACR);
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, browserSession);
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? new SignIn(
                Optional.ofNullable(rows.getString("acr")),
                Optional.ofNullable(rows.getObject("grant_id", UUID.class)))
            : SignIn.UNKNOWN;
      }
    }
  }
}
