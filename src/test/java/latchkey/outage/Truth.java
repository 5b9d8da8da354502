package latchkey.outage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// What is true of each session, and since when, as far as whoever changes it can know: a change
/// may hold from the moment it was asked for, and certainly holds once it was answered for. Every
/// session is usable to begin with.
final class Truth {
  /// A change of a session's worth.
  static final class Change {
    private final boolean usable;
    private final long begunAt;
    private volatile long doneAt = Long.MAX_VALUE;

    private Change(boolean usable, long begunAt) {
      this.usable = usable;
      this.begunAt = begunAt;
    }

    /// It is committed.
    void done() {
      doneAt = System.nanoTime();
    }
  }

  private final Map<UUID, List<Change>> histories = new ConcurrentHashMap<>();

  /// Somebody is about to change it.
  Change begin(UUID session, boolean usable) {
    return begin(session, usable, System.nanoTime());
  }

  /// It was found to be so, and may have become so at any time since.
  void found(UUID session, boolean usable, long since) {
    begin(session, usable, since).done();
  }

  /// The change certainly did not happen.
  void undo(UUID session, Change change) {
    var history = history(session);
    synchronized (history) {
      history.remove(change);
    }
  }

  /// What is certain by now; usable if nothing else is.
  boolean last(UUID session) {
    var history = history(session);
    synchronized (history) {
      return history.isEmpty() || history.getLast().usable;
    }
  }

  /// Whether the last change is neither certain nor excluded.
  boolean isOpen(UUID session) {
    var history = history(session);
    synchronized (history) {
      return !history.isEmpty() && history.getLast().doneAt == Long.MAX_VALUE;
    }
  }

  /// Whether the session may have been so at some moment between the two.
  boolean mayHaveBeen(UUID session, boolean usable, long from, long to) {
    var history = history(session);
    synchronized (history) {
      boolean possible = usable;
      for (var change : history) {
        if (change.doneAt - from <= 0) {
          possible = change.usable == usable;
        } else if (change.begunAt - to <= 0) {
          possible |= change.usable == usable;
        }
      }
      return possible;
    }
  }

  private Change begin(UUID session, boolean usable, long at) {
    var change = new Change(usable, at);
    var history = history(session);
    synchronized (history) {
      history.add(change);
    }
    return change;
  }

  private List<Change> history(UUID session) {
    return histories.computeIfAbsent(session, _ -> new ArrayList<>());
  }
}
