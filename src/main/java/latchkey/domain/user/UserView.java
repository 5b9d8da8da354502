package latchkey.domain.user;

import java.time.Instant;
import java.util.UUID;

/// An account as the rest of the house sees it.
public record UserView(
    UUID id,
    String username,
    Instant createdAt,
    boolean locked,
    boolean deactivated,
    boolean canRequestAdmin,
    boolean guest) {
  public boolean isActive() {
    return !locked && !deactivated;
  }
}
