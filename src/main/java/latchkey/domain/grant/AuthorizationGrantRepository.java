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

  /// Gives a pending grant its code. False if somebody was faster or it is too old: no second code
  /// is made.
  boolean fulfil(UUID id, UUID browserSession, byte[] codeDigest, Instant now) {
    return getEntityManager()
            .createNativeQuery(
                """
                update latchkey.authorization_grants
                   set fulfilled_at = :now, browser_session_id = :browserSession, code_digest = :digest
                 where id = :id and fulfilled_at is null and cancelled_at is null and created_at > :notBefore
                """)
            .setParameter("now", now)
            .setParameter("browserSession", browserSession)
            .setParameter("digest", codeDigest)
            .setParameter("id", id)
            .setParameter("notBefore", now.minus(AuthorizationGrant.PENDING_LIFETIME))
            .executeUpdate()
        == 1;
  }
}
