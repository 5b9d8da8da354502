package latchkey.domain.session;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import javax.sql.DataSource;
import latchkey.base.database.Changes;
import latchkey.base.database.DatabaseState;
import latchkey.base.database.Hearing;
import latchkey.base.database.StaleIfError;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Randomness;

/// What one more replica remembers of sessions, and writes down when told. It hears nothing of
/// changes, so it asks the database each time.
public final class ReplicaMemory {
  private final Changes changes = new Changes(new Hearing(new DatabaseClock(), new Randomness()));
  private final UsedGenerations used = new UsedGenerations();
  private final UsedGenerationsFlush flush;
  private final SessionCache cache;

  public ReplicaMemory(DataSource database, DatabaseState state) {
    flush = new UsedGenerationsFlush(used, new UsedGenerationsRepository(database));
    cache =
        new SessionCache(
            new SessionTokensRepository(database),
            changes,
            state,
            new StaleIfError(Duration.ZERO),
            new SimpleMeterRegistry());
  }

  public Changes changes() {
    return changes;
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
