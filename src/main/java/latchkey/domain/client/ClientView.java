package latchkey.domain.client;

import java.time.Instant;
import java.util.UUID;
import latchkey.base.system.Ids;
import org.jspecify.annotations.Nullable;

/// A client as the rest of the house sees it.
///
/// @param jwks the keys it signs with, as JSON
/// @param jwksUri where they are
public record ClientView(
    UUID id,
    ClientMetadata metadata,
    @Nullable String encryptedSecret,
    @Nullable String jwks,
    @Nullable String jwksUri,
    boolean isStatic,
    Instant createdAt) {
  /// Cannot keep a secret (RFC 6749 §2.1).
  public boolean isPublic() {
    return metadata.authMethod().equals(AuthMethod.NONE);
  }

  public boolean holds(String grantType) {
    return metadata.grantTypes().contains(grantType);
  }

  /// The name people are shown.
  public String displayName() {
    return ClientName.shown(metadata.name()).orElseGet(() -> Ids.text(id));
  }

  @Override
  public String toString() {
    return "ClientView[" + Ids.text(id) + "]";
  }
}
