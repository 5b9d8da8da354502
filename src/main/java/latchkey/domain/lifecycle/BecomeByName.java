package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import latchkey.domain.policy.Policies;
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

  public boolean isAllowed(UserView user) throws SQLException {
    return user.isActive()
        && !user.canRequestAdmin()
        && !policies.namesAdmin(user)
        && !scopes.hasAny(user.id());
  }
}
