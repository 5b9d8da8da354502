package latchkey.domain.lifecycle;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.lifecycle.ProviderSyncRepository.Loss;

/// Deletes a provider with all that hangs on it: plain JDBC, in the caller's transaction. People
/// stay signed in; what they signed in through is forgotten, and so is what only it gave them. Who
/// is locked because it did not know them stays so: an admin says who may come in.
final class PrunedProviderRepository {
  private final AuditEventRepository audit;

  PrunedProviderRepository(AuditEventRepository audit) {
    this.audit = audit;
  }

  Loss delete(Connection connection, UUID provider) throws SQLException {
    // The users come before their links, as everywhere.
    texts(
        connection,
        """
        select id from latchkey.users
         where id in (select user_id from latchkey.upstream_links where provider_id = ?)
         order by id for no key update
        """,
        provider);
    var before = loss(connection, provider);
    change(connection, "delete from latchkey.upstream_sessions where provider_id = ?", provider);
    var given =
        texts(
            connection,
            """
            with gone as (
              delete from latchkey.upstream_links where provider_id = ? returning user_id, gave_admin)
            select user_id from gone where gave_admin and user_id is not null
            """,
            provider);
    var admins = withdraw(connection, given);
    change(connection, "delete from latchkey.used_logout_tokens where provider_id = ?", provider);
    var name =
        texts(
            connection,
            "delete from latchkey.upstream_providers where id = ? returning coalesce(human_name, issuer, '')",
            provider);
    var details = ProviderEvents.details(provider, String.join("", name));
    for (var admin : admins) {
      audit.appendByAdmin(connection, "admin_withdrawn", UUID.fromString(admin), null, details);
    }
    var loss = new Loss(before.people(), before.held(), admins.size());
    audit.appendByAdmin(
        connection,
        "upstream_provider_deleted",
        null,
        null,
        details
            .copy()
            .put("people", loss.people())
            .put("held", loss.held().size())
            .put("admins_withdrawn", loss.admins()));
    return loss;
  }

  /// What people have through a provider; whose rights only it gives is known when they go.
  static Loss loss(Connection connection, UUID provider) throws SQLException {
    var people =
        texts(
            connection,
            "select count(distinct user_id) from latchkey.upstream_links where provider_id = ?",
            provider);
    var held =
        texts(
            connection,
            """
            select distinct u.username from latchkey.upstream_links l join latchkey.users u on u.id = l.user_id
             where l.provider_id = ? and u.locked_at = l.held_at order by u.username
            """,
            provider);
    return new Loss(Integer.parseInt(people.getFirst()), held, 0);
  }

  /// Of those who may be admins by a link that is gone, whom no other one gives that; answers them.
  private static List<String> withdraw(Connection connection, List<String> users)
      throws SQLException {
    return texts(
        connection,
        """
        update latchkey.users u set can_request_admin = false
         where u.id = any (?) and u.can_request_admin
           and not exists (select from latchkey.upstream_links o where o.user_id = u.id and o.gave_admin)
        returning u.id
        """,
        connection.createArrayOf("uuid", users.toArray()));
  }

  private static void change(Connection connection, String sql, UUID provider) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, provider);
      statement.executeUpdate();
    }
  }

  private static List<String> texts(Connection connection, String sql, Object value)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, value);
      try (var rows = statement.executeQuery()) {
        var texts = new ArrayList<String>();
        while (rows.next()) {
          texts.add(rows.getString(1));
        }
        return texts;
      }
    }
  }
}
