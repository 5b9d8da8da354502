package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import latchkey.base.crypto.Secret;

/// Where a browser signs out of a provider (OpenID Connect RP-Initiated Logout §2).
@Singleton
public class EndSessionAddress {
  /// Empty if the provider has no such place, or none is known now.
  ///
  /// @param backHere `post_logout_redirect_uri`, which has to be registered there
  public Optional<URI> of(
      ProviderConfig provider, Optional<Secret> idTokenHint, String backHere, String state) {
    throw new UnsupportedOperationException();
  }
}
