package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import java.util.Optional;
import latchkey.domain.policy.Policies;
import latchkey.domain.policy.UpstreamVerdict;
import latchkey.domain.upstream.Claims;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.user.UserView;

/// Asks the rules about somebody whom a provider vouches for (`policies/upstream_login.yaml`).
/// Nothing is looked up and nothing changes.
@Singleton
public class AskUpstreamRules {
  private final Policies policies;

  AskUpstreamRules(Policies policies) {
    this.policies = policies;
  }

  /// Somebody signs in.
  ///
  /// @param user their account; empty if they have none yet
  public UpstreamVerdict atLogin(
      ProviderConfig provider,
      Claims claims,
      Optional<UserView> user,
      Policies.Requester requester) {
    return policies.upstreamLogin(login(provider, claims, user, false), requester);
  }

  /// A provider said that they are still there.
  UpstreamVerdict atRevalidation(ProviderConfig provider, Claims claims, UserView user) {
    return policies.upstreamLogin(
        login(provider, claims, Optional.of(user), true), new Policies.Requester(null, null));
  }

  private static Policies.UpstreamLogin login(
      ProviderConfig provider, Claims claims, Optional<UserView> user, boolean revalidation) {
    return new Policies.UpstreamLogin(
        provider.id(),
        provider.issuer(),
        Providers.nameOf(provider),
        claims.idToken(),
        claims.userinfo(),
        claims.callbackParameters(),
        user,
        revalidation);
  }
}
