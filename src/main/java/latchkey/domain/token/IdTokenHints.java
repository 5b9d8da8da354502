package latchkey.domain.token;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.crypto.SigningKeys;
import latchkey.base.system.Ids;

/// Reads ID tokens that come back as `id_token_hint` (OpenID Connect Core §3.1.2.1). One that has
/// expired still says whom it was about.
@Singleton
public class IdTokenHints {
  private final IdTokenIssuer.Issuer issuer;
  private final SigningKeys keys;

  IdTokenHints(IdTokenIssuer.Issuer issuer, SigningKeys keys) {
    this.issuer = issuer;
    this.keys = keys;
  }

  /// The user an ID token told this client about; empty if it is none of ours, or was issued to
  /// somebody else.
  public Optional<UUID> subject(String idToken, UUID client) {
    return keys.verify(idToken)
        .filter(claims -> issuer.name().equals(claims.get("iss")))
        .filter(claims -> isFor(Ids.text(client), claims))
        .flatMap(
            claims -> claims.get("sub") instanceof String sub ? Ids.parse(sub) : Optional.empty());
  }

  private static boolean isFor(String client, Map<String, Object> claims) {
    var audience = claims.get("aud");
    return client.equals(audience)
        || (audience instanceof List<?> several && several.contains(client));
  }
}
