package latchkey.domain.grant;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import latchkey.base.oauth.ResponseMode;
import latchkey.base.oauth.Scope;
import org.jspecify.annotations.Nullable;

/// A grant as the pages see it.
///
/// @param uiLocales the languages the client wants the pages in, as BCP 47 tags, best first
/// @param locale the language its user is spoken to in (BCP 47)
/// @param chosenSession the browser session its user chose to go on with, if there was a choice
public record PendingGrant(
    UUID id,
    UUID clientId,
    String redirectUri,
    ResponseMode responseMode,
    Scope scope,
    @Nullable String state,
    @Nullable String nonce,
    @Nullable String codeChallenge,
    @Nullable String loginHint,
    Demands demands,
    WantedClaims claims,
    List<String> uiLocales,
    @Nullable String locale,
    Instant createdAt,
    @Nullable UUID chosenSession) {
  public PendingGrant {
    uiLocales = List.copyOf(uiLocales);
  }

  /// All the client will get: the scope, and the scopes that stand for claims it wants by name.
  public Scope asked() {
    return claims.impliedBy(scope);
  }

  /// Whether a sign-in of that time will do.
  public boolean accepts(Instant authenticatedAt, Instant now) {
    return demands.accept(authenticatedAt, createdAt, now);
  }

  /// Whether somebody who signed in then, in that browser session, has chosen to go on as who they
  /// are: by signing in for this very request, or by saying so.
  public boolean isChosen(UUID session, Instant authenticatedAt) {
    return session.equals(chosenSession) || !authenticatedAt.isBefore(createdAt);
  }
}
