package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/// What of an account follows a provider: columns of `users`, `user_emails` and `upstream_links`.
/// One statement a method, within the caller's transaction; what Hibernate holds back is written
/// first.
@Singleton
class FollowUpstreamRepository {
  private final NativeStatementRepository statements;

  FollowUpstreamRepository(NativeStatementRepository statements) {
    this.statements = statements;
  }

  /// Its user may ask for admin scopes, because of this link; false if they may already, or it is
  /// not theirs any more. A right that somebody else gave, by hand for example, is not noted as the
  /// link's. The caller has the turn of the user.
  boolean giveAdmin(UUID link, UUID user) {
    return statements
            .change(
                """
                with before as (
                  select can_request_admin as had from latchkey.users where id = :user),
                noted as (
                  update latchkey.upstream_links l set gave_admin = true from before
                   where l.id = :link and l.user_id = :user and not l.gave_admin
                     and (not had or exists (select from latchkey.upstream_links o
                                              where o.user_id = :user and o.gave_admin)))
                update latchkey.users set can_request_admin = true
                 where id = :user and not can_request_admin
                   and exists (select from latchkey.upstream_links where id = :link and user_id = :user)
                """)
            .setParameter("link", link)
            .setParameter("user", user)
            .executeUpdate()
        == 1;
  }

  /// Its user may not, whoever gave the right; false if they may not already.
  boolean takeAdmin(UUID user) {
    return statements
            .change(
                """
                with noted as (
                  update latchkey.upstream_links set gave_admin = false where user_id = :user and gave_admin)
                update latchkey.users set can_request_admin = false where id = :user and can_request_admin
                """)
            .setParameter("user", user)
            .executeUpdate()
        == 1;
  }

  /// Takes back the right to be an admin that a link gave its user, unless another link gives it
  /// too. True if they were an admin by it.
  boolean withdrawAdmin(UUID link) {
    return statements
            .change(
                """
                with before as (
                  update latchkey.upstream_links set gave_admin = false
                   where id = :link and gave_admin returning user_id)
                update latchkey.users u set can_request_admin = false from before
                 where u.id = before.user_id and u.can_request_admin
                   and not exists (select from latchkey.upstream_links o
                                    where o.user_id = u.id and o.id <> :link and o.gave_admin)
                """)
            .setParameter("link", link)
            .executeUpdate()
        == 1;
  }

  /// Which scopes the user of a link may ask for; nothing changes if it is not theirs.
  void setScopes(UUID link, UUID user, Collection<String> scopes) {
    statements
        .change(
            """
            update latchkey.upstream_links set granted_scopes = cast(:scopes as text[])
             where id = :link and user_id = :user and granted_scopes <> cast(:scopes as text[])
            """)
        .setParameter("scopes", new TreeSet<>(scopes).toArray(String[]::new))
        .setParameter("link", link)
        .setParameter("user", user)
        .executeUpdate();
  }

  /// What became of an address.
  enum Address {
    UNCHANGED,
    CHANGED,
    /// It is somebody else's.
    TAKEN
  }

  /// Brings the address that came from a provider up to date: the one that came before goes, if it
  /// is still the user's, unless another link gave it too. One of somebody else stays theirs, and
  /// then nothing changes.
  ///
  /// @param id of a new row
  Address setEmail(UUID link, UUID user, String email, UUID id, Instant now) {
    var answer =
        statements
            .ask(
                """
                with before as (
                  select email from latchkey.upstream_links where id = :link),
                owner as (
                  select user_id from latchkey.user_emails where lower(email) = lower(:email)),
                added as (
                  insert into latchkey.user_emails (id, user_id, email, created_at)
                  select :id, :user, :email, :now where not exists (select from owner)
                  on conflict do nothing returning id),
                noted as (
                  update latchkey.upstream_links set email = :email
                   where id = :link and email is distinct from :email
                     and (exists (select from added) or exists (select from owner where user_id = :user))
                  returning id),
                gone as (
                  delete from latchkey.user_emails e using before
                   where e.user_id = :user and lower(e.email) = lower(before.email)
                     and lower(before.email) <> lower(:email) and exists (select from noted)
                     and not exists (select from latchkey.upstream_links o
                                      where o.user_id = :user and o.id <> :link and lower(o.email) = lower(before.email))
                  returning e.id)
                select case when exists (select from added) or exists (select from gone) then 'CHANGED'
                            when exists (select from owner where user_id = :user) then 'UNCHANGED'
                            else 'TAKEN' end
                """,
                String.class)
            .setParameter("link", link)
            .setParameter("user", user)
            .setParameter("email", email)
            .setParameter("id", id)
            .setParameter("now", now)
            .getSingleResult();
    return Address.valueOf(String.valueOf(answer));
  }

  /// The provider says that it does not know the user of this link any more.
  void setGone(UUID link, UUID user, Instant now) {
    statements
        .change(
            """
            update latchkey.upstream_links set gone_at = :now where id = :link and user_id = :user and gone_at is null
            """)
        .setParameter("now", now)
        .setParameter("link", link)
        .setParameter("user", user)
        .executeUpdate();
  }

  /// It knows them again; false if nothing else was said.
  boolean setBack(UUID link) {
    return statements
            .change(
                "update latchkey.upstream_links set gone_at = null where id = :link and gone_at is not null")
            .setParameter("link", link)
            .executeUpdate()
        == 1;
  }

  /// The address that came from a link; empty if none did.
  Optional<String> email(UUID link) {
    return statements
        .ask(
            "select email from latchkey.upstream_links where id = :link and email is not null",
            String.class)
        .setParameter("link", link)
        .getResultStream()
        .findFirst()
        .map(String.class::cast);
  }

  /// Whose account a link holds, if it holds one.
  Optional<UUID> held(UUID link) {
    return statements
        .ask(
            """
            select user_id from latchkey.upstream_links
             where id = :link and user_id is not null and held_at is not null
            """,
            UUID.class)
        .setParameter("link", link)
        .getResultStream()
        .findFirst()
        .map(UUID.class::cast);
  }

  /// Locks an account because the provider of this link does not know its user any more; false if
  /// it is locked.
  boolean hold(UUID link, UUID user, Instant now) {
    return statements
            .change(
                """
                with held as (
                  update latchkey.users set locked_at = :now
                   where id = :user and locked_at is null
                     and exists (select from latchkey.upstream_links where id = :link and user_id = :user)
                  returning id)
                update latchkey.upstream_links set held_at = :now
                 where id = :link and user_id in (select id from held)
                """)
            .setParameter("now", now)
            .setParameter("user", user)
            .setParameter("link", link)
            .executeUpdate()
        == 1;
  }

  /// Unlocks the account that was locked for this link, and for nothing else; answers whose it is.
  /// The caller has its turn, so that an admin who locks it just now has the last word.
  Optional<UUID> release(UUID link) {
    return statements
        .ask(
            """
            with ours as (
              select id, user_id, held_at from latchkey.upstream_links where id = :link and held_at is not null),
            noted as (
              update latchkey.upstream_links l set held_at = null from ours where l.id = ours.id)
            update latchkey.users u set locked_at = null
              from ours where u.id = ours.user_id and u.locked_at = ours.held_at
            returning u.id
            """,
            UUID.class)
        .setParameter("link", link)
        .getResultStream()
        .findFirst()
        .map(UUID.class::cast);
  }

  boolean isOf(UUID link, UUID user) {
    return statements
        .ask(
            "select id from latchkey.upstream_links where id = :link and user_id = :user",
            UUID.class)
        .setParameter("link", link)
        .setParameter("user", user)
        .getResultStream()
        .findFirst()
        .isPresent();
  }
}
