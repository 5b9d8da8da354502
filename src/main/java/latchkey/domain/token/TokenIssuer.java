package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import latchkey.base.crypto.Secret;
import latchkey.domain.session.SessionKind;
import latchkey.domain.session.SessionSnapshot;
import org.jspecify.annotations.Nullable;

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
    boolean compat = session.kind() == SessionKind.COMPAT;
    var refreshKind = compat ? TokenKind.COMPAT_REFRESH : TokenKind.OAUTH_REFRESH;
    var refresh = content(session, refreshKind, session.issuedAt(), null);
    var life = Duration.ofSeconds(Objects.requireNonNull(session.accessTtl()));
    var firstExpiry = session.issuedAt().plus(life);
    boolean halfLeft = !Duration.between(now, firstExpiry).minus(life.dividedBy(2)).isNegative();
    var issuedAt = halfLeft ? session.issuedAt() : now;
    var expiresAt = halfLeft ? firstExpiry : now.plus(config.ttl(session.kind()));
    var accessKind = compat ? TokenKind.COMPAT_ACCESS : TokenKind.OAUTH_ACCESS;
    var access = content(session, accessKind, issuedAt, expiresAt);
    return new TokenPair(
        codec.encode(access, key),
        Duration.between(now, Objects.requireNonNull(access.expiresAt())),
        codec.encode(refresh, key));
  }

  /// The only token of a compat session whose client did not ask for refresh tokens: it lives as
  /// long as its session.
  public Secret issueForLife(SessionSnapshot session) {
    var access = content(session, TokenKind.COMPAT_ACCESS, session.issuedAt(), null);
    return codec.encode(access, session.tokenKey());
  }

  /// Whether this server has the key that the session's tokens are made with: without it, it could
  /// not spell them as they were first given out.
  boolean canSpell(SessionSnapshot session) {
    return keys.find(session.tokenKey()).filter(key -> !key.withdrawn()).isPresent();
  }

  private static TokenContent content(
      SessionSnapshot session, TokenKind kind, Instant issuedAt, @Nullable Instant expiresAt) {
    return new TokenContent(
        kind, session.id(), session.generation(), issuedAt, expiresAt, session.nonce(), 0);
  }
}
