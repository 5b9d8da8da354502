package latchkey.domain.grant;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.UUID;

/// The table `authorization_grants`, up to the moment there is a code.
@Singleton
class AuthorizationGrantRepository implements PanacheRepositoryBase<AuthorizationGrant, UUID> {
  /// Deletes some of those made before `id`; answers how many.
  int deleteBefore(UUID id, int limit) {
    return getEntityManager()
        .createNativeQuery(
            """
            delete from latchkey.authorization_grants where id in (
              select id from latchkey.authorization_grants where id < :id order by id limit :limit
                 for update skip locked)
            """)
        .setParameter("id", id)
        .setParameter("limit", limit)
        .executeUpdate();
  }

  /// Gives a pending grant its code. False if somebody was faster, or it is too old, or the browser
  /// session is not what the client demands: live, of the right user, signed in recently enough and
  /// well enough.
  boolean fulfil(UUID id, UUID browserSession, byte[] codeDigest, Instant now) {
    return getEntityManager()
            .createNativeQuery(
                """
                update latchkey.authorization_grants g
                   set fulfilled_at = :now, browser_session_id = b.id, code_digest = :digest,
                       reached_acr = case when cardinality(g.essential_acrs) > 0 then r.acr end
                  from latchkey.browser_sessions b join latchkey.users u on u.id = b.user_id
                       left join latchkey.upstream_sessions p on p.id = b.upstream_session_id
                       cross join lateral (select %s as acr) r
                 where g.id = :id and g.fulfilled_at is null and g.cancelled_at is null
                   and g.created_at > :notBefore
                   and b.id = :browserSession and b.finished_at is null
                   and u.locked_at is null and u.deactivated_at is null
                   and (cardinality(g.subjects) = 0 or b.user_id = any(g.subjects))
                   and (g.max_auth_age is null or b.authenticated_at >= g.created_at
                        or b.authenticated_at >= cast(:now as timestamptz) - g.max_auth_age * interval '1 second')
                   and (cardinality(g.essential_acrs) = 0 or r.acr = any(g.essential_acrs))
                """
                    .formatted(SignInRepository.ACR))
            .setParameter("now", now)
            .setParameter("browserSession", browserSession)
            .setParameter("digest", codeDigest)
            .setParameter("id", id)
            .setParameter("notBefore", now.minus(AuthorizationGrant.PENDING_LIFETIME))
            .executeUpdate()
        == 1;
  }

  /// Ends a pending grant without a code; false if it was answered already.
  boolean cancel(UUID id, Instant now) {
    return getEntityManager()
            .createNativeQuery(
                """
                update latchkey.authorization_grants set cancelled_at = :now
                 where id = :id and fulfilled_at is null and cancelled_at is null
                """)
            .setParameter("now", now)
            .setParameter("id", id)
            .executeUpdate()
        == 1;
  }

  /// Remembers with which browser session the person chose to go on.
  void choose(UUID id, UUID browserSession) {
    getEntityManager()
        .createNativeQuery(
            """
            update latchkey.authorization_grants set chosen_session_id = :browserSession
             where id = :id and fulfilled_at is null and cancelled_at is null
            """)
        .setParameter("browserSession", browserSession)
        .setParameter("id", id)
        .executeUpdate();
  }
}
