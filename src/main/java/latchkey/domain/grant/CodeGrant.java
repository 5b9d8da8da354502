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

  /// How a person has proved who they are, here or at a provider.
  ///
  /// @param at when
  /// @param amr by which means (RFC 8176)
  /// @param acr how well, in the provider's words; null for ours
  public record Proof(Instant at, List<String> amr, @Nullable String acr) {
    public Proof {
      amr = List.copyOf(amr);
    }
  }

  /// The browser session that consented, and its user, as they are now.
  public record Consenter(
      UUID browserSession,
      boolean browserSessionFinished,
      Proof proof,
      UUID user,
      String username,
      boolean locked,
      boolean deactivated) {
    public boolean mayGoOn() {
      return !browserSessionFinished && !locked && !deactivated;
    }
  }
}
