package latchkey.domain.session;

import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Remembers which generations were seen in use until they are written down, within a second. It
/// only grows: a token of an older generation never lowers what a newer one has shown.
@Singleton
public class UsedGenerations {
  private final Map<UUID, Long> pending = new ConcurrentHashMap<>();

  /// A token of `generation` was used. `noted` is the newest that was noted before, by the row or
  /// here, to note each only once.
  public void mark(UUID session, long generation, AtomicLong noted) {
    if (generation > noted.get()) {
      pending.merge(session, generation, Math::max);
      noted.accumulateAndGet(generation, Math::max);
    }
  }

  /// The newest generation seen in use here and not yet written, -1 if none.
  public long pending(UUID session) {
    return pending.getOrDefault(session, -1L);
  }

  /// What is to be written now. It stays pending until [#written] says otherwise.
  Map<UUID, Long> snapshot() {
    return new HashMap<>(pending);
  }

  /// These are written; what grew meanwhile stays.
  void written(Map<UUID, Long> marks) {
    marks.forEach(pending::remove);
  }
}
