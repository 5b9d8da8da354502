package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.net.URI;

/// Sends a browser to a provider (OpenID Connect Core §3.1.2.1).
@Singleton
public class AskProvider {
  /// Where the browser goes.
  ///
  /// @param extra appended after the standard parameters
  /// @throws ProviderProblem if it is not known where the provider asks people
  public URI handle(
      ProviderConfig provider,
      TripSecrets secrets,
      AuthorizationParameters.Sent extra,
      PassedOn passedOn) {
    throw new UnsupportedOperationException();
  }
}
