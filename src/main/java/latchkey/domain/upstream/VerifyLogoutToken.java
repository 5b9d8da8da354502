package latchkey.domain.upstream;

import jakarta.inject.Singleton;

/// Proves a logout token (OpenID Connect Back-Channel Logout §2.6). May ask for new keys: never
/// within a transaction.
@Singleton
public class VerifyLogoutToken {
  /// @throws ProviderProblem if it is not this provider's, not for us, too old, or was used before
  public LogoutNotice handle(ProviderConfig provider, String token) {
    throw new UnsupportedOperationException();
  }
}
