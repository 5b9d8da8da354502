package latchkey.domain.session;

import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.UUID;
import latchkey.base.oauth.Scope;

/// The table `approvals`.
@Singleton
class ApprovalRepository {
  private final EntityManager entityManager;

  ApprovalRepository(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /// Stores a yes; earlier ones of the pair that it covers, and those of `notBefore` or older, go.
  void record(UUID user, UUID client, Scope scope, Instant notBefore, Instant now) {
    entityManager
        .createNativeQuery(
            """
            with gone as (
              delete from latchkey.approvals
               where user_id = :user and client_id = :client
                 and (approved_at <= :notBefore
                      or string_to_array(scope, ' ') <@ string_to_array(:scope, ' ')))
            insert into latchkey.approvals (user_id, client_id, scope, approved_at)
            values (:user, :client, :scope, :now)
            """)
        .setParameter("user", user)
        .setParameter("client", client)
        .setParameter("scope", scope.toString())
        .setParameter("notBefore", notBefore)
        .setParameter("now", now)
        .executeUpdate();
  }

  /// Whether one yes, younger than `notBefore`, covers all of the scope.
  boolean covers(UUID user, UUID client, Scope scope, Instant notBefore) {
    return (Boolean)
        entityManager
            .createNativeQuery(
                """
                select exists (
                  select from latchkey.approvals
                   where user_id = :user and client_id = :client and approved_at > :notBefore
                     and string_to_array(scope, ' ') @> string_to_array(:scope, ' '))
                """,
                Boolean.class)
            .setParameter("user", user)
            .setParameter("client", client)
            .setParameter("scope", scope.toString())
            .setParameter("notBefore", notBefore)
            .getSingleResult();
  }

  /// Takes back what the user of a session has allowed its client.
  void withdraw(UUID session) {
    entityManager
        .createNativeQuery(
            """
            delete from latchkey.approvals a using latchkey.oauth_sessions s
             where s.id = :session and a.user_id = s.user_id and a.client_id = s.client_id
            """)
        .setParameter("session", session)
        .executeUpdate();
  }
}
