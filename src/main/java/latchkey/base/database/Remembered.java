package latchkey.base.database;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Rows this replica remembers, so that asking for one costs no SQL while it is known not to have
/// changed ([Changes]). Otherwise it is read again, one query for all who wait. When the database
/// cannot be asked, the last known row stands in for a while; nothing is ever called missing out of
/// ignorance.
public final class Remembered<V> {
  private static final Logger LOG = Logger.getLogger(Remembered.class);

  /// How long a row answers at most before it is read again all the same.
  static final Duration LONGEST = Duration.ofMinutes(10);

  /// How long a missing row counts as missing: nobody tells of rows that are added.
  static final Duration MISSING = Duration.ofSeconds(1);

  /// Who comes later than this after a query was sent sends one of their own.
  private static final Duration JOIN = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int ENTRY_BYTES = 200;

  /// What is known of an id.
  public sealed interface Answer<V> {
    record Known<V>(V row) implements Answer<V> {}

    /// The database was asked and has no such row.
    record Missing<V>() implements Answer<V> {}

    /// The database cannot be asked, and nothing recent enough is remembered.
    record Unknown<V>() implements Answer<V> {}
  }

  /// Where rows come from.
  public interface Source<V> {
    Optional<V> read(UUID id) throws SQLException;

    /// Whose changes turn what the row answers, its own id included.
    UUID[] dependsOn(UUID id, V row);

    /// About how many bytes it takes.
    int weight(V row);
  }

  /// @param since the count of changes before the query was sent
  /// @param askedAt when that was
  private record Entry<V>(Optional<V> row, UUID[] ids, long since, long askedAt, int weight) {
    boolean isYoung(Duration limit) {
      return System.nanoTime() - askedAt < limit.toNanos();
    }
  }

  private record Read<V>(long since, long askedAt, CompletableFuture<Entry<V>> result) {}

  private final Source<V> source;
  private final Changes changes;
  private final DatabaseState database;
  private final StaleIfError staleIfError;
  private final Cache<UUID, Entry<V>> entries;
  private final Map<UUID, Read<V>> reads = new ConcurrentHashMap<>();
  private final Counter hits;
  private final Counter misses;
  private final Counter rereads;
  private final Counter stale;
  private final Counter unknown;

  /// @param name for the metrics
  /// @param bytes about how much memory the rows may take
  public Remembered(
      String name,
      long bytes,
      Source<V> source,
      Changes changes,
      DatabaseState database,
      StaleIfError staleIfError,
      MeterRegistry meters) {
    this.source = source;
    this.changes = changes;
    this.database = database;
    this.staleIfError = staleIfError;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((UUID _, Entry<V> entry) -> entry.weight())
            .build();
    this.hits = counter(meters, name, "hit");
    this.misses = counter(meters, name, "miss");
    this.rereads = counter(meters, name, "reread");
    this.stale = counter(meters, name, "stale");
    this.unknown = counter(meters, name, "unknown");
    Gauge.builder("latchkey.remembered.entries", entries, Cache::estimatedSize)
        .tag("of", name)
        .register(meters);
  }

  private static Counter counter(MeterRegistry meters, String name, String result) {
    return meters.counter("latchkey.remembered.lookups", "of", name, "result", result);
  }

  /// What is known without asking the database, so that nothing is waited for; empty if it would
  /// have to be asked.
  public Optional<Answer<V>> recall(UUID id) {
    var entry = entries.getIfPresent(id);
    if (entry == null || !isCurrent(entry)) {
      return Optional.empty();
    }
    hits.increment();
    return Optional.of(answer(entry));
  }

  public Answer<V> find(UUID id) {
    var entry = entries.getIfPresent(id);
    if (entry != null && isCurrent(entry)) {
      hits.increment();
      return answer(entry);
    }
    var read = readAgain(id);
    if (read.isPresent()) {
      (entry == null ? misses : rereads).increment();
      return answer(read.get());
    }
    if (entry != null && mayStandIn(entry)) {
      stale.increment();
      return answer(entry);
    }
    unknown.increment();
    return new Answer.Unknown<>();
  }

  private boolean isCurrent(Entry<V> entry) {
    return entry.isYoung(entry.row().isPresent() ? LONGEST : MISSING)
        && changes.isCurrent(entry.since(), entry.ids());
  }

  /// The last that is known, unless it is known to have changed. The time is counted from when the
  /// database was lost, or, if only this reading failed, from when the row was last confirmed.
  private boolean mayStandIn(Entry<V> entry) {
    if (entry.row().isEmpty() || changes.hasChanged(entry.since(), entry.ids())) {
      return false;
    }
    return database.isReady()
        ? changes.isCurrent(entry.since(), entry.ids()) || entry.isYoung(staleIfError.limit())
        : staleIfError.allows(database.awayFor());
  }

  /// Joins a query that is under way, unless something changed since it was sent: who comes after a
  /// change must not be told what was before.
  private Optional<Entry<V>> readAgain(UUID id) {
    long arrived = System.nanoTime();
    while (database.isReady()) {
      var entry =
          result(reads.compute(id, (_, running) -> mayJoin(id, running) ? running : begin(id)));
      if (entry.isEmpty()
          || entry.get().askedAt() - arrived >= 0
          || !changes.hasChanged(entry.get().since(), entry.get().ids())) {
        return entry;
      }
    }
    return Optional.empty();
  }

  private boolean mayJoin(UUID id, @Nullable Read<V> running) {
    return running != null
        && System.nanoTime() - running.askedAt() < JOIN.toNanos()
        && !changes.hasChanged(running.since(), new UUID[] {id});
  }

  private Read<V> begin(UUID id) {
    var read = new Read<V>(changes.count(), System.nanoTime(), new CompletableFuture<>());
    Thread.ofVirtual().name("remember").start(() -> carryOut(id, read));
    return read;
  }

  private void carryOut(UUID id, Read<V> read) {
    try {
      var entry = entry(id, source.read(id), read);
      entries.asMap().merge(id, entry, Remembered::later);
      reads.remove(id, read);
      read.result().complete(entry);
    } catch (SQLException | RuntimeException e) {
      reads.remove(id, read);
      read.result().completeExceptionally(e);
    }
  }

  private static <V> Entry<V> later(Entry<V> one, Entry<V> other) {
    return one.askedAt() - other.askedAt() > 0 ? one : other;
  }

  private Entry<V> entry(UUID id, Optional<V> row, Read<V> read) {
    var ids = row.map(found -> source.dependsOn(id, found)).orElseGet(() -> new UUID[] {id});
    int weight = ENTRY_BYTES + row.map(source::weight).orElse(0);
    return new Entry<>(row, ids, read.since(), read.askedAt(), weight);
  }

  /// A query that hangs is waited for until the database is known to be away.
  private Optional<Entry<V>> result(Read<V> read) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return Optional.of(read.result().get(LOOK.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        if (!database.isReady() || System.nanoTime() > until) {
          return Optional.empty();
        }
      } catch (ExecutionException e) {
        LOG.debugf("not read: %s", e.getMessage());
        return Optional.empty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
  }

  private static <V> Answer<V> answer(Entry<V> entry) {
    return entry.row().isPresent() ? new Answer.Known<>(entry.row().get()) : new Answer.Missing<>();
  }
}
