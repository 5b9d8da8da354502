package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// How far a sign-in through a provider reaches: from `upstream_sessions` to `browser_sessions` and
/// `oauth_sessions`. One statement a method, within the caller's transaction.
@Singleton
class UpstreamReachRepository {
  private final EntityManager entities;

  UpstreamReachRepository(EntityManager entities) {
    this.entities = entities;
  }

  /// Those of these trips that no later trip of the same person in the same browser session stands
  /// in for.
  List<UUID> current(Collection<UUID> trips) {
    return trips.isEmpty()
        ? List.of()
        : ask(
                """
                select s.id from latchkey.upstream_sessions s
                 where s.id in (:trips)
                   and not exists (select from latchkey.upstream_sessions n
                                    where n.browser_session_id = s.browser_session_id and n.link_id = s.link_id
                                      and n.consumed_at > s.consumed_at and n.id not in (:trips))
                """,
                UUID.class)
            .setParameter("trips", trips)
            .getResultStream()
            .map(UUID.class::cast)
            .toList();
  }

  /// Whether a provider has said of this person since, by another trip of theirs, that they are
  /// there: whatever became of this trip, it is not about them.
  boolean isVouchedForOtherwise(UUID trip, UUID user) {
    return Boolean.TRUE.equals(
        ask(
                """
                select exists (
                  select from latchkey.upstream_sessions s join latchkey.upstream_links l on l.id = s.link_id
                   where l.user_id = :user and s.id <> :trip and s.encrypted_refresh_token is not null
                     and s.revalidate_at is not null and s.revalidation_failures = 0)
                """,
                Boolean.class)
            .setParameter("user", user)
            .setParameter("trip", trip)
            .getSingleResult());
  }

  /// Whether the user has another way to sign in than as this subject: another account elsewhere,
  /// or a password.
  ///
  /// @param passwords whether those count
  boolean hasOtherWay(UUID user, UUID provider, String subject, boolean passwords) {
    return Boolean.TRUE.equals(
        ask(
                """
                select exists (select from latchkey.upstream_links
                                where user_id = :user and not (provider_id = :provider and subject = :subject))
                    or (:passwords and exists (select from latchkey.user_passwords where user_id = :user))
                """,
                Boolean.class)
            .setParameter("user", user)
            .setParameter("provider", provider)
            .setParameter("subject", subject)
            .setParameter("passwords", passwords)
            .getSingleResult());
  }

  /// Takes the user's app passwords back; answers how many.
  int revokeAppPasswords(UUID user, Instant now) {
    return change(
            """
            update latchkey.app_passwords set revoked_at = :now where user_id = :user and revoked_at is null
            """)
        .setParameter("now", now)
        .setParameter("user", user)
        .executeUpdate();
  }

  /// Lets revalidation find what was begun while it was off; answers how many.
  int makeDue(Instant now) {
    return change(
            """
            update latchkey.upstream_sessions set revalidate_at = :now
             where encrypted_refresh_token is not null and revalidate_at is null and consumed_at is not null
               and browser_session_id is not null
            """)
        .setParameter("now", now)
        .executeUpdate();
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
