package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import latchkey.domain.policy.Policies;
import latchkey.domain.upstream.ClaimsImports.OnConflict;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.UpstreamScopesRepository;
import latchkey.domain.user.UserView;

/// Whether a name that a provider vouches for is enough to become the user of that name
/// (`localpart.on_conflict`). Never for whoever may rule over the others, or may more than they: a
/// name can be chosen at many providers.
@Singleton
public class BecomeByName {
  private final Policies policies;
  private final UpstreamScopesRepository scopes;

  BecomeByName(Policies policies, UpstreamScopesRepository scopes) {
    this.policies = policies;
    this.scopes = scopes;
  }

  /// Why the name is not enough, for an admin; empty if it is. What only links give that go then
  /// ([OnConflict#REPLACE]) does not count.
  public Optional<String> obstacle(UserView user, ProviderConfig provider) throws SQLException {
    if (!user.isActive()) {
      return Optional.of("is locked or deactivated");
    }
    if (user.canRequestAdmin() || policies.namesAdmin(user.username())) {
      return Optional.of("may ask for admin rights");
    }
    var replaced =
        provider.claims().localpart().onConflict() == OnConflict.REPLACE
            ? Optional.of(provider.id())
            : Optional.<UUID>empty();
    return scopes.hasAny(user.id(), replaced)
        ? Optional.of("has scopes by a group at a provider")
        : Optional.empty();
  }
}
