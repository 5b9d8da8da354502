package latchkey.domain.session;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `oauth_sessions`, apart from the columns of the token engine.
@Singleton
class OAuthSessionRepository implements PanacheRepositoryBase<OAuthSession, UUID> {
  /// A session that has just ended, and whose device may have to go.
  record Ended(UUID id, @Nullable UUID userId, @Nullable String deviceId) {}

  /// Ends a session once; empty if it had ended.
  Optional<Ended> finish(UUID id, String reason, Instant now) {
    return ended(
            """
            update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
             where id = :id and finished_at is null
            returning id, user_id, device_id
            """,
            query -> query.setParameter("id", id),
            reason,
            now)
        .stream()
        .findFirst();
  }

  /// Ends every other live session of the user that holds the device: Matrix gives a device to one
  /// session.
  List<Ended> finishOthersOnDevice(UUID except, UUID userId, String deviceId, Instant now) {
    return ended(
        """
        update latchkey.oauth_sessions set finished_at = :now, finished_reason = :reason
         where user_id = :user and device_id = :device and id <> :id and finished_at is null
           and opened_at is not null
        returning id, user_id, device_id
        """,
        query ->
            query
                .setParameter("id", except)
                .setParameter("user", userId)
                .setParameter("device", deviceId),
        FinishReason.DEVICE_REUSED.text(),
        now);
  }

  private interface Binder {
    void bind(jakarta.persistence.Query query);
  }

  private List<Ended> ended(String sql, Binder binder, String reason, Instant now) {
    var query = getEntityManager().createNativeQuery(sql, Object[].class);
    query.setParameter("now", now).setParameter("reason", reason);
    binder.bind(query);
    @SuppressWarnings("unchecked")
    List<Object[]> rows = query.getResultList();
    return rows.stream()
        .map(row -> new Ended((UUID) row[0], (UUID) row[1], (String) row[2]))
        .toList();
  }
}
