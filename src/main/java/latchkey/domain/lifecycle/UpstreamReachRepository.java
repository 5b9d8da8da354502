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
