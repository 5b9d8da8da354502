package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Optional;
import latchkey.base.crypto.Secret;

/// Where a browser signs out of a provider (OpenID Connect RP-Initiated Logout §2).
@Singleton
public class EndSessionAddress {
  private final ProviderWatch watch;

  EndSessionAddress(ProviderWatch watch) {
    this.watch = watch;
  }

  /// Empty if the provider has no such place, or none is known now; nobody is asked for it.
  ///
  /// @param backHere `post_logout_redirect_uri`, which has to be registered there
  public Optional<URI> of(
      ProviderConfig provider, Optional<Secret> idTokenHint, String backHere, String state) {
    var parameters = new LinkedHashMap<String, String>();
    idTokenHint.ifPresent(hint -> parameters.put("id_token_hint", hint.reveal()));
    parameters.put("client_id", provider.clientId());
    parameters.put("post_logout_redirect_uri", backHere);
    parameters.put("state", state);
    return watch
        .known(provider)
        .flatMap(ProviderMetadata::endSession)
        .map(
            place ->
                URI.create(
                    place
                        + (place.getRawQuery() == null ? "?" : "&")
                        + ProviderConnection.encoded(parameters)));
  }
}
