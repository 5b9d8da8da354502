package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
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
  private final EntityManager entities;

  FollowUpstreamRepository(EntityManager entities) {
    this.entities = entities;
  }

  /// Whether its user may ask for admin scopes; false if that is so already.
  boolean setAdmin(UUID user, boolean admin) {
    return change(
                """
                update latchkey.users set can_request_admin = :admin where id = :user and can_request_admin <> :admin
                """)
            .setParameter("admin", admin)
            .setParameter("user", user)
            .executeUpdate()
        == 1;
  }

  /// Which scopes the user of a link may ask for; false if that is so already.
  boolean setScopes(UUID link, Collection<String> scopes) {
    return change(
                """
                update latchkey.upstream_links set granted_scopes = cast(:scopes as text[])
                 where id = :link and granted_scopes <> cast(:scopes as text[])
                """)
            .setParameter("scopes", new TreeSet<>(scopes).toArray(String[]::new))
            .setParameter("link", link)
            .executeUpdate()
        == 1;
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
        ask(
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

  /// Locks an account because the provider of this link does not know its user any more; false if
  /// it is locked.
  boolean hold(UUID provider, String subject, UUID user, Instant now) {
    return change(
                """
                with held as (
                  update latchkey.users set locked_at = :now
                   where id = :user and locked_at is null
                     and exists (select from latchkey.upstream_links
                                  where provider_id = :provider and subject = :subject and user_id = :user)
                  returning id)
                update latchkey.upstream_links set held_at = :now
                 where provider_id = :provider and subject = :subject and user_id in (select id from held)
                """)
            .setParameter("now", now)
            .setParameter("user", user)
            .setParameter("provider", provider)
            .setParameter("subject", subject)
            .executeUpdate()
        == 1;
  }

  /// Unlocks the account that was locked for this link, and for nothing else; answers whose it is.
  Optional<UUID> release(UUID link) {
    return ask(
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

  /// The link of a subject, if it is somebody's.
  Optional<UUID> link(UUID provider, String subject) {
    return ask(
            """
            select id from latchkey.upstream_links
             where provider_id = :provider and subject = :subject and user_id is not null
            """,
            UUID.class)
        .setParameter("provider", provider)
        .setParameter("subject", subject)
        .getResultStream()
        .findFirst()
        .map(UUID.class::cast);
  }

  private Query change(String sql) {
    entities.flush();
    return entities.createNativeQuery(sql);
  }

  private Query ask(String sql, Class<?> type) {
    entities.flush();
    return entities.createNativeQuery(sql, type);
  }
}
