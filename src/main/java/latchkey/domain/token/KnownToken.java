package latchkey.domain.token;

import java.time.Instant;
import java.util.UUID;
import latchkey.domain.session.SessionSnapshot;
import org.jspecify.annotations.Nullable;

/// A token that is genuine as far as the token itself can tell, whoever made it.
///
/// @param nonce to be compared with the session's; null for a foreign token, whose row vouches for
///   it
public record KnownToken(
    TokenKind kind,
    UUID session,
    long generation,
    Instant issuedAt,
    @Nullable Instant expiresAt,
    @Nullable Long nonce,
    int narrowing) {
  public boolean isExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }

  /// Whether it belongs to the session as that is now: to its kind, and to its life.
  public boolean fits(SessionSnapshot row) {
    return kind.belongsTo(row.kind()) && (nonce == null || nonce == row.nonce());
  }

  @Override
  public String toString() {
    return "KnownToken[" + kind + " of " + session + ", generation " + generation + "]";
  }
}
