package latchkey.domain.session;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import latchkey.base.oauth.Scope;
import latchkey.base.oauth.StandardClaim;
import latchkey.domain.user.UserView;
import org.jspecify.annotations.Nullable;

/// An OAuth or compat session as one query saw it, with what the token engine needs of its user.
///
/// @param kind [SessionKind#OAUTH] or [SessionKind#COMPAT]
/// @param clientId null for a compat session
/// @param user null for a session without a user (client credentials)
/// @param nonce compared with the one inside a token at every use
/// @param generation the current generation of tokens, from 0
/// @param usedGeneration the newest generation of which a token was seen in use, -1 if none
/// @param issuedAt when the tokens of the current generation were issued, in database time
/// @param accessTtl how long the access token of that generation lives, in seconds; null if it does
///   not expire, and there is no refresh token
/// @param tokenKey the key the current generation was minted with
public record SessionSnapshot(
    UUID id,
    SessionKind kind,
    @Nullable UUID clientId,
    @Nullable UserView user,
    Scope scope,
    @Nullable String deviceId,
    @Nullable Instant openedAt,
    @Nullable Instant finishedAt,
    long nonce,
    long generation,
    long usedGeneration,
    Instant issuedAt,
    @Nullable Integer accessTtl,
    int tokenKey,
    LastRotation lastRotation,
    Age age,
    Userinfo userinfo) {

  /// Who made the last rotation, and how often somebody else has asked for its result since.
  ///
  /// @param collisionGeneration the last generation that two different presenters asked for
  /// @param collisionCount how many generations in a row that happened
  public record LastRotation(
      @Nullable String ipAddress,
      @Nullable String userAgent,
      @Nullable Long collisionGeneration,
      int collisionCount) {}

  /// What its lifetime is judged by.
  ///
  /// @param lastActiveAt the last use that was written down
  /// @param ofStaticClient whether its client stands in the configuration
  public record Age(Instant createdAt, @Nullable Instant lastActiveAt, boolean ofStaticClient) {}

  /// How the client wants to be told who the user is.
  ///
  /// @param claims it asked for by name, beyond its scope
  /// @param algorithm to sign the answer with; null for plain JSON
  public record Userinfo(Set<StandardClaim> claims, @Nullable String algorithm) {
    public Userinfo {
      claims = Set.copyOf(claims);
    }
  }

  /// Open to tokens: its code exchange went through and nobody has ended it.
  public boolean isLive() {
    return openedAt != null && finishedAt == null;
  }

  /// Live, and its user may act.
  public boolean isUsable() {
    return isLive() && (user == null || user.isActive());
  }

  /// The client of an OAuth session.
  public UUID requireClient() {
    return java.util.Objects.requireNonNull(clientId);
  }

  @Override
  public String toString() {
    return "SessionSnapshot[" + id + ", generation " + generation + "]";
  }
}
