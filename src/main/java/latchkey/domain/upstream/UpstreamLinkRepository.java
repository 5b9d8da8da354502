package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `upstream_links`. One statement a method, within the caller's transaction.
@Singleton
public class UpstreamLinkRepository {
  private static final String COLUMNS =
      " id, provider_id, user_id, subject, human_account_name, created_at ";

  private final UpstreamStatementRepository statements;

  UpstreamLinkRepository(UpstreamStatementRepository statements) {
    this.statements = statements;
  }

  /// The link of a subject; made if it is seen for the first time. Its account name is brought up
  /// to date, if there is one; a row that says all of it already is only read.
  ///
  /// @param id of a new one
  /// @param subject at most 512 characters
  public UpstreamLinkView findOrCreate(
      UUID id, UUID provider, String subject, @Nullable String accountName, Instant now) {
    return statements
        .query(
            """
            with given as (
              select cast(? as uuid) as id, cast(? as uuid) as provider_id, cast(? as text) as subject,
                     cast(? as text) as human_account_name, cast(? as timestamptz) as created_at
            ), known as (
              select * from latchkey.upstream_links
               where provider_id = (select provider_id from given) and subject = (select subject from given)
            ), written as (
              insert into latchkey.upstream_links as l (id, provider_id, subject, human_account_name, created_at)
              select * from given g
               where not exists (
                 select from known k where g.human_account_name is null or g.human_account_name = k.human_account_name)
              on conflict (provider_id, subject) do update
                 set human_account_name = coalesce(excluded.human_account_name, l.human_account_name)
              returning *
            )
            select * from written union all select * from known where not exists (select from written)
            """,
            UpstreamLinkRepository::view,
            id,
            provider,
            subject,
            accountName,
            now)
        .getFirst();
  }

  public Optional<UpstreamLinkView> find(UUID id) {
    return statements
        .query(
            "select" + COLUMNS + "from latchkey.upstream_links where id = ?",
            UpstreamLinkRepository::view,
            id)
        .stream()
        .findFirst();
  }

  /// Ties it to a user; false if it is somebody's, theirs too.
  public boolean attach(UUID link, UUID user) {
    return statements.change(
            "update latchkey.upstream_links set user_id = ? where id = ? and user_id is null",
            user,
            link)
        == 1;
  }

  /// Takes it from its user, with all it gave, so that whoever links it next inherits nothing, and
  /// marks the trips that came by it, whose provider is not asked about them any more; false if it
  /// is not theirs.
  public boolean detach(UUID link, UUID user, Instant now) {
    return !statements
        .query(
            """
            with taken as (
              update latchkey.upstream_links
                 set user_id = null, granted_scopes = '{}', email = null, held_at = null, gone_at = null,
                     gave_admin = false
               where id = ? and user_id = ? returning id
            ), marked as (
              update latchkey.upstream_sessions s
                 set unlinked_at = ?, revalidate_at = null, encrypted_refresh_token = null
                from taken where s.link_id = taken.id and s.unlinked_at is null
            )
            select id from taken
            """,
            row -> row.getObject("id", UUID.class),
            link,
            user,
            now)
        .isEmpty();
  }

  /// Deletes some that are nobody's: seen before then, and nobody on their way by one since;
  /// answers how many.
  int deleteNobodys(Instant before, int limit) {
    return statements.change(
        """
        delete from latchkey.upstream_links where id in (
          select l.id from latchkey.upstream_links l
           where l.user_id is null and l.created_at < ?
             and not exists (select from latchkey.upstream_sessions s
                              where s.link_id = l.id and s.consumed_at is null and s.unlinked_at is null)
           order by l.created_at limit ? for update skip locked)
        """,
        before,
        limit);
  }

  /// Oldest first.
  public List<UpstreamLinkView> ofUser(UUID user) {
    return statements.query(
        "select" + COLUMNS + "from latchkey.upstream_links where user_id = ? order by id",
        UpstreamLinkRepository::view,
        user);
  }

  static UpstreamLinkView view(ResultSet row) throws SQLException {
    return new UpstreamLinkView(
        row.getObject("id", UUID.class),
        row.getObject("provider_id", UUID.class),
        row.getObject("user_id", UUID.class),
        row.getString("subject"),
        row.getString("human_account_name"),
        row.getTimestamp("created_at").toInstant());
  }
}
