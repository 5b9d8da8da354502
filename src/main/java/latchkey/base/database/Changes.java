package latchkey.base.database;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Which rows have changed, as far as this replica knows: by its own hand at once, by anybody
/// else's through the database's notifications. Changes are counted; whoever keeps a row notes the
/// count before asking for it, and may trust it as long as none of its ids was counted since.
///
/// That also settles the race between a query and a notification: what was asked for before a
/// change was counted is never current after it, whichever arrives first.
@Singleton
public class Changes {
  /// So many ids on a page. Two pages are kept; what is older than both counts as changed.
  private static final int PAGE = 50_000;

  private record Page(long since, Map<UUID, Long> ids) {
    static Page from(long count) {
      return new Page(count, new ConcurrentHashMap<>());
    }

    boolean tells(UUID id, long after) {
      var at = ids.get(id);
      return at != null && at > after;
    }
  }

  private record Pages(Page older, Page newer) {}

  private final Hearing hearing;
  private final AtomicLong count = new AtomicLong();
  private volatile Pages pages = new Pages(Page.from(0), Page.from(0));
  private volatile long listeningSince;

  public Changes(Hearing hearing) {
    this.hearing = hearing;
  }

  /// The count of changes so far.
  public long count() {
    return count.get();
  }

  /// A row with this id has changed, and that is committed.
  public synchronized void changed(UUID id) {
    pages.newer().ids().put(id, count.incrementAndGet());
    if (pages.newer().ids().size() > PAGE) {
      pages = new Pages(pages.newer(), Page.from(count.get()));
    }
  }

  /// Whether what was asked for at `since` holds: nothing was heard of a change, and something
  /// would have been heard.
  public boolean isCurrent(long since, UUID[] ids) {
    return since >= listeningSince && hearing.isGood() && !hasChanged(since, ids);
  }

  /// Whether one of these is known to have changed after `since`.
  public boolean hasChanged(long since, UUID[] ids) {
    var known = pages;
    if (since < known.older().since()) {
      return true;
    }
    for (var id : ids) {
      if (known.newer().tells(id, since) || known.older().tells(id, since)) {
        return true;
      }
    }
    return false;
  }

  /// Every row may have changed, and is known to.
  synchronized void everythingChanged() {
    long now = count.incrementAndGet();
    pages = new Pages(Page.from(now), Page.from(now));
  }

  /// Listening has begun, so what was asked for before has to be asked for again. It is still the
  /// last that is known.
  void listening() {
    listeningSince = count.incrementAndGet();
  }
}
