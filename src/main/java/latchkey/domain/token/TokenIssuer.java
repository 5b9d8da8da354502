package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import latchkey.domain.session.SessionSnapshot;

/// Computes the tokens of a session's current generation. Asked twice, it gives the same bytes
/// twice.
@Singleton
public class TokenIssuer {
  private final TokenCodec codec;
  private final TokenKeys keys;
  private final TokensConfig config;

  TokenIssuer(TokenCodec codec, TokenKeys keys, TokensConfig config) {
    this.codec = codec;
    this.keys = keys;
    this.config = config;
  }

  /// The tokens of the generation the session stands at. The access token is the one first given
  /// out while at least half its life is left; after that a fresh one of the same generation. Both
  /// are under the key that the row names, so that the row tells what its tokens lean on.
  public TokenPair issue(SessionSnapshot session, Instant now) {
    int key = session.tokenKey();
    var refresh = content(session, TokenKind.OAUTH_REFRESH, session.issuedAt(), null);
    var life = Duration.ofSeconds(session.accessTtl());
    var firstExpiry = session.issuedAt().plus(life);
    boolean halfLeft = !Duration.between(now, firstExpiry).minus(life.dividedBy(2)).isNegative();
    var issuedAt = halfLeft ? session.issuedAt() : now;
    var expiresAt = halfLeft ? firstExpiry : now.plus(config.accessTokenTtl());
    var access = content(session, TokenKind.OAUTH_ACCESS, issuedAt, expiresAt);
    return new TokenPair(
        codec.encode(access, key),
        Duration.between(now, java.util.Objects.requireNonNull(access.expiresAt())),
        codec.encode(refresh, key));
  }

  /// Whether this server has the key that the session's tokens are made with: without it, it could
  /// not spell them as they were first given out.
  boolean canSpell(SessionSnapshot session) {
    return keys.find(session.tokenKey()).filter(key -> !key.withdrawn()).isPresent();
  }

  private static TokenContent content(
      SessionSnapshot session,
      TokenKind kind,
      Instant issuedAt,
      @org.jspecify.annotations.Nullable Instant expiresAt) {
    return new TokenContent(
        kind, session.id(), session.generation(), issuedAt, expiresAt, session.nonce(), 0);
  }
}
