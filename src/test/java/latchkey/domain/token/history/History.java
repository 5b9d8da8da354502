package latchkey.domain.token.history;

import java.util.List;
import java.util.stream.Collectors;

/// A world, and what happens in it.
public record History(long seed, Setup setup, List<Event> events) {
  public History {
    events = List.copyOf(events);
  }

  History with(List<Event> fewer) {
    return new History(seed, setup, fewer);
  }

  History inside() {
    return new History(seed, setup.inside(), events);
  }

  @Override
  public String toString() {
    return "seed "
        + seed
        + ", "
        + setup
        + events.stream().map(Event::toString).collect(Collectors.joining("\n  ", "\n  ", ""));
  }
}
