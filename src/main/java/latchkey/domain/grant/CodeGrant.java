package latchkey.domain.grant;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import latchkey.base.oauth.Scope;
import latchkey.base.oauth.StandardClaim;
import org.jspecify.annotations.Nullable;

/// A grant as the holder of its code meets it, with what its user's state decides.
///
/// @param redirectUri where the code was sent; compared if the request named it (RFC 6749 §4.1.3)
/// @param locale the language its user was spoken to in
/// @param idTokenClaims what the client wants to be told in the ID token, by name
/// @param openingSession the session an earlier, failed exchange has begun
public record CodeGrant(
    UUID id,
    UUID clientId,
    String redirectUri,
    boolean redirectUriGiven,
    Scope scope,
    @Nullable String nonce,
    @Nullable String codeChallenge,
    @Nullable String locale,
    Set<StandardClaim> idTokenClaims,
    Stage stage,
    Instant fulfilledAt,
    @Nullable UUID openingSession,
    Consenter consenter) {
  public CodeGrant {
    idTokenClaims = Set.copyOf(idTokenClaims);
  }

  /// The browser session that consented, and its user, as they are now.
  ///
  /// @param amr how they have proved who they are (RFC 8176)
  public record Consenter(
      UUID browserSession,
      boolean browserSessionFinished,
      Instant authenticatedAt,
      List<String> amr,
      UUID user,
      String username,
      boolean locked,
      boolean deactivated) {
    public Consenter {
      amr = List.copyOf(amr);
    }

    public boolean mayGoOn() {
      return !browserSessionFinished && !locked && !deactivated;
    }
  }
}
