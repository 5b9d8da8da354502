package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Secret;

/// Asks a provider whom it has sent: exchanges the code and proves what comes of it (OpenID Connect
/// Core §3.1.3). Two calls of at most 5 seconds each, and one more for new keys; never within a
/// transaction.
@Singleton
public class FetchIdentity {
  /// @param callbackParameters all that came to the callback; what OAuth and OpenID Connect name is
  ///   left out of the claims
  /// @throws ProviderProblem if nobody comes in by that
  public Identity handle(
      ProviderConfig provider,
      Secret code,
      TripSecrets secrets,
      Map<String, String> callbackParameters) {
    throw new UnsupportedOperationException();
  }

  /// Whether an answer may be this provider's (RFC 9207 §2.4). To be asked of every answer, an
  /// error too, before anything is done with it; [#handle] asks by itself.
  ///
  /// @param iss the parameter of the callback
  public boolean mayBeFrom(ProviderConfig provider, Optional<String> iss) {
    throw new UnsupportedOperationException();
  }
}
