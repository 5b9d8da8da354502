package latchkey.base.web;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A trip to a provider, as the browser that is on it knows it.
///
/// @param link who they are there, once they are back
/// @param next where they were going
public record Underway(UUID trip, UUID provider, @Nullable UUID link, Continuation next) {
  public Underway back(UUID known) {
    return new Underway(trip, provider, known, next);
  }

  public boolean isBack() {
    return link != null;
  }

  public boolean isBackAs(UUID wanted) {
    return Optional.ofNullable(link).filter(wanted::equals).isPresent();
  }
}
