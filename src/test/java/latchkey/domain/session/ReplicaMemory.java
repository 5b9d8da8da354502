package latchkey.domain.session;

import javax.sql.DataSource;
import latchkey.base.database.DatabaseState;

/// What one more replica remembers of sessions, and writes down when told.
public final class ReplicaMemory {
  private final UsedGenerations used = new UsedGenerations();
  private final UsedGenerationsFlush flush;
  private final SessionCache cache;

  public ReplicaMemory(DataSource database, DatabaseState state, StaleIfError staleIfError) {
    flush = new UsedGenerationsFlush(used, new UsedGenerationsRepository(database));
    cache = new SessionCache(new SessionTokensRepository(database), state, staleIfError);
  }

  public UsedGenerations used() {
    return used;
  }

  public UsedGenerationsFlush flush() {
    return flush;
  }

  public SessionCache cache() {
    return cache;
  }
}
