package latchkey.domain.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// Whether so many of a provider's people leave at once that it is rather the provider that has
/// lost its memory: a fault there must not end everybody here. Not for several threads.
///
/// It counts people, by what was last said of each within a while.
final class ExitBrake {
  /// So few may leave whatever their share.
  private static final int FEW = 5;

  private final Duration aWhile;
  private final Map<UUID, Said> people = new LinkedHashMap<>();

  private record Said(Instant when, boolean gone) {}

  /// @param aWhile in which everybody is asked about once
  ExitBrake(Duration aWhile) {
    this.aWhile = aWhile;
  }

  /// Hears of some people, who are not known to be gone from before; true if those who are gone by
  /// now have to stay for the time being: five of them or more, and more than stay.
  boolean holds(Collection<UUID> there, Collection<UUID> gone, Instant now) {
    note(there, false, now);
    note(gone, true, now);
    var first = people.values().iterator();
    while (first.hasNext() && !first.next().when.plus(aWhile).isAfter(now)) {
      first.remove();
    }
    long leaving = people.values().stream().filter(Said::gone).count();
    return leaving >= FEW && leaving * 2 > people.size();
  }

  /// In the order in which they were heard of.
  private void note(Collection<UUID> some, boolean gone, Instant now) {
    for (var one : some) {
      people.remove(one);
      people.put(one, new Said(now, gone));
    }
  }
}
