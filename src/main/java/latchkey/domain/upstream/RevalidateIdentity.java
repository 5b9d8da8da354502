package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import latchkey.base.crypto.Secret;

/// Asks a provider whether somebody who signed in there is still welcome, by their refresh token
/// (RFC 6749 §6). Never within a transaction.
@Singleton
public class RevalidateIdentity {
  /// What it said.
  public sealed interface Outcome {
    /// @param identity what is true now; without ID token if none came. With another refresh token
    ///   the one before is void. Whoever asked compares the subject.
    record Still(Identity identity) implements Outcome {}

    /// `invalid_grant`: disabled, removed, or signed out there.
    record Gone(String reason) implements Outcome {}

    /// Nobody knows: the provider is down, or does not accept us.
    record Unknown(String reason) implements Outcome {}
  }

  public Outcome handle(ProviderConfig provider, Secret refreshToken) {
    throw new UnsupportedOperationException();
  }
}
