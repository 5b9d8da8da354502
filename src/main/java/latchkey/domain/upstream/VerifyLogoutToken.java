package latchkey.domain.upstream;

import static latchkey.domain.upstream.CheckSignature.untrusted;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Digest;
import latchkey.base.database.DatabaseState;
import latchkey.base.error.OAuthProblem;
import org.jspecify.annotations.Nullable;

/// Proves a logout token (OpenID Connect Back-Channel Logout §2.6). May ask for new keys: never
/// within a transaction.
@Singleton
public class VerifyLogoutToken {
  private static final String LOGOUT_TOKEN = "its logout token";
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  private final CheckSignature signature;
  private final UsedLogoutTokenRepository used;
  private final Clock clock;

  VerifyLogoutToken(CheckSignature signature, UsedLogoutTokenRepository used, Clock clock) {
    this.signature = signature;
    this.used = used;
    this.clock = clock;
  }

  /// It is not used up by that: once what it says is done, [#spend].
  ///
  /// @throws ProviderProblem if it is not this provider's, not for us, too old, or was used before
  public LogoutNotice handle(ProviderConfig provider, String token) {
    var claims =
        signature.handle(provider, provider.idTokenAlgorithm(), token.strip(), LOGOUT_TOKEN);
    CheckIdToken.requireIssuer(provider, claims, LOGOUT_TOKEN);
    CheckIdToken.requireAudience(provider, claims, LOGOUT_TOKEN);
    var expires = requireTime(provider, claims);
    requireEvent(provider, claims);
    requireNoNonce(provider, claims);
    var id =
        text(claims, "jti").orElseThrow(() -> untrusted(provider, "its logout token has no jti"));
    var notice = new LogoutNotice(text(claims, "sub"), text(claims, "sid"), id, expires);
    if (notice.subject().isEmpty() && notice.sid().isEmpty()) {
      throw untrusted(provider, "its logout token names nobody (sub, sid)");
    }
    requireNew(provider, notice);
    return notice;
  }

  private Instant requireTime(ProviderConfig provider, Map<String, @Nullable Object> claims) {
    var now = clock.instant();
    var issued =
        CheckIdToken.instant(claims.get("iat"))
            .orElseThrow(() -> untrusted(provider, "its logout token has no iat"));
    // Those from before the final specification have none, and are not taken.
    var expires =
        CheckIdToken.instant(claims.get("exp"))
            .orElseThrow(() -> untrusted(provider, "its logout token has no exp"));
    if (!expires.isAfter(now.minus(CheckIdToken.SKEW))) {
      throw untrusted(provider, "its logout token has expired");
    }
    if (issued.isAfter(now.plus(CheckIdToken.SKEW))) {
      throw untrusted(provider, "its logout token is from the future");
    }
    return expires;
  }

  private static void requireEvent(ProviderConfig provider, Map<String, @Nullable Object> claims) {
    if (!(claims.get("events") instanceof Map<?, ?> events && events.get(EVENT) instanceof Map)) {
      throw untrusted(provider, "what it calls a logout token is about something else (events)");
    }
  }

  /// Else an ID token could be made to look like one.
  private static void requireNoNonce(
      ProviderConfig provider, Map<String, @Nullable Object> claims) {
    if (claims.containsKey("nonce")) {
      throw untrusted(provider, "its logout token has a nonce");
    }
  }

  /// It was obeyed, and does not count again. Of two that come at once both are obeyed, which is as
  /// much as one.
  public void spend(ProviderConfig provider, LogoutNotice notice) {
    try {
      used.add(provider.id(), Digest.sha256(notice.id()), notice.expires().plus(CheckIdToken.SKEW));
    } catch (SQLException e) {
      throw OAuthProblem.temporarilyUnavailable(
          DatabaseState.RETRY_AFTER, "that a logout token was used could not be noted", e);
    }
  }

  private void requireNew(ProviderConfig provider, LogoutNotice notice) {
    try {
      if (used.has(provider.id(), Digest.sha256(notice.id()))) {
        throw untrusted(provider, "its logout token was used before");
      }
    } catch (SQLException e) {
      throw OAuthProblem.temporarilyUnavailable(
          DatabaseState.RETRY_AFTER, "whether a logout token was used is not known", e);
    }
  }

  private static Optional<String> text(Map<String, @Nullable Object> claims, String name) {
    return claims.get(name) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }
}
