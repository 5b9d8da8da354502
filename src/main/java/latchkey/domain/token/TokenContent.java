package latchkey.domain.token;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a token says. That counts, not its bytes: the same content under another key is the same
/// token.
///
/// @param generation from 0, at most 2^32 - 1
/// @param issuedAt in whole seconds
/// @param expiresAt in whole seconds; null for a token that does not expire
/// @param nonce the random bits of the session's row, so that the keys alone make no token
/// @param narrowing 0, or the row with a smaller scope, audience or key that this access token
///   stands for
public record TokenContent(
    TokenKind kind,
    UUID session,
    long generation,
    Instant issuedAt,
    @Nullable Instant expiresAt,
    long nonce,
    int narrowing) {
  static final long MAX_GENERATION = 0xffff_ffffL;
  static final int MAX_NARROWING = 0xff_ffff;

  public TokenContent {
    issuedAt = issuedAt.truncatedTo(ChronoUnit.SECONDS);
    expiresAt = expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.SECONDS);
    if (generation < 0 || generation > MAX_GENERATION) {
      throw new IllegalArgumentException("generation out of range");
    }
    if (narrowing < 0 || narrowing > MAX_NARROWING || (narrowing != 0 && !kind.isAccess())) {
      throw new IllegalArgumentException("narrowing out of range");
    }
  }

  public boolean isExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }

  @Override
  public String toString() {
    return "TokenContent[" + kind + " of " + session + ", generation " + generation + "]";
  }
}
