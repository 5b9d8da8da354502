package latchkey.domain.user;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A password for one legacy app, as its user sees it; the secret itself is nowhere.
///
/// @param expiresAt null for never
/// @param lastUsedAt the last login with it
/// @param lastUsedIp from where that was, if it is still known
/// @param lastUsedAgent by which program
public record AppPassword(
    UUID id,
    String name,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable String lastUsedIp,
    @Nullable String lastUsedAgent) {
  public boolean isExpired(Instant now) {
    return expiresAt != null && !expiresAt.isAfter(now);
  }
}
