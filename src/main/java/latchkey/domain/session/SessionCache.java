package latchkey.domain.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import latchkey.base.database.DatabaseState;
import org.jboss.logging.Logger;

/// What this replica remembers of OAuth sessions, so that a warm introspection costs no SQL. An
/// entry is served for two seconds, then read again, one query for all who wait. While the database
/// is away the last known answer is served for the configured time; nothing is ever called unknown
/// out of ignorance.
@Singleton
public class SessionCache {
  private static final Logger LOG = Logger.getLogger(SessionCache.class);

  /// How long an entry answers without asking again.
  static final Duration FRESH = Duration.ofSeconds(2);

  private static final Duration WAIT = Duration.ofSeconds(8);
  private static final long SIZE = 200_000;

  /// What is known of a session id.
  public sealed interface Answer {
    record Known(SessionSnapshot session) implements Answer {}

    /// The database was asked and has no such row.
    record Missing() implements Answer {}

    /// The database cannot be asked, and nothing recent enough is remembered.
    record Unknown() implements Answer {}
  }

  private record Entry(Optional<SessionSnapshot> session, long readAt) {}

  private final SessionTokensRepository repository;
  private final DatabaseState database;
  private final StaleIfError staleIfError;
  private final Cache<UUID, Entry> entries = Caffeine.newBuilder().maximumSize(SIZE).build();
  private final Map<UUID, CompletableFuture<Entry>> fills = new ConcurrentHashMap<>();

  public SessionCache(
      SessionTokensRepository repository, DatabaseState database, StaleIfError staleIfError) {
    this.repository = repository;
    this.database = database;
    this.staleIfError = staleIfError;
  }

  public Answer find(UUID id) {
    var entry = entries.getIfPresent(id);
    if (entry != null && System.nanoTime() - entry.readAt() < FRESH.toNanos()) {
      return answer(entry);
    }
    if (database.isReady()) {
      var fresh = read(id);
      if (fresh.isPresent()) {
        return answer(fresh.get());
      }
    }
    return entry != null && database.awayFor().compareTo(staleIfError.limit()) <= 0
        ? answer(entry)
        : new Answer.Unknown();
  }

  /// The session changed here: the next one who asks reads it again, and a read under way no longer
  /// counts.
  public void changed(UUID id) {
    fills.remove(id);
    entries.asMap().computeIfPresent(id, (_, old) -> new Entry(old.session(), longAgo()));
  }

  private Optional<Entry> read(UUID id) {
    var mine = new CompletableFuture<Entry>();
    var fill = fills.putIfAbsent(id, mine);
    if (fill == null) {
      fill = mine;
      load(id, mine);
    }
    try {
      return Optional.of(fill.get(WAIT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debugf("session not read: %s", e.getMessage());
      return Optional.empty();
    }
  }

  private void load(UUID id, CompletableFuture<Entry> fill) {
    try {
      long asked = System.nanoTime();
      var entry = new Entry(repository.find(id), asked);
      if (fills.remove(id, fill)) {
        entries.put(id, entry);
      }
      fill.complete(entry);
    } catch (SQLException | RuntimeException e) {
      fills.remove(id, fill);
      fill.completeExceptionally(e);
    }
  }

  private static long longAgo() {
    return System.nanoTime() - FRESH.toNanos() - 1;
  }

  private static Answer answer(Entry entry) {
    return entry.session().isPresent()
        ? new Answer.Known(entry.session().get())
        : new Answer.Missing();
  }
}
