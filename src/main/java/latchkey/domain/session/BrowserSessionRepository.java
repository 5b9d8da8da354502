package latchkey.domain.session;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.UUID;

/// The table `browser_sessions`.
@Singleton
class BrowserSessionRepository implements PanacheRepositoryBase<BrowserSession, UUID> {
  /// Ends a session once; false if it had ended.
  boolean finish(UUID id, Instant now) {
    return update("finishedAt = ?1 where id = ?2 and finishedAt is null", now, id) == 1;
  }
}
