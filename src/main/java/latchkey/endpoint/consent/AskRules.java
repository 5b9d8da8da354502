package latchkey.endpoint.consent;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import latchkey.base.matrix.MatrixScope;
import latchkey.base.web.Requester;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.GrantType;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.policy.Policies;
import latchkey.domain.policy.Violation;
import latchkey.domain.session.SessionCensusRepository;
import latchkey.domain.upstream.UpstreamScopesRepository;
import latchkey.domain.user.UserView;

/// Asks the rules whether a user may give a client what its grant asks for.
@Singleton
class AskRules {
  private final Policies policies;
  private final SessionCensusRepository census;
  private final UpstreamScopesRepository upstreamScopes;

  AskRules(
      Policies policies, SessionCensusRepository census, UpstreamScopesRepository upstreamScopes) {
    this.policies = policies;
    this.census = census;
    this.upstreamScopes = upstreamScopes;
  }

  List<Violation> handle(
      PendingGrant grant, ClientView client, UserView user, Requester requester) {
    return policies.authorizationGrant(
        user,
        client,
        // A claim wanted by name must not get past a rule about its scope.
        grant.asked(),
        upstreamScopes.of(user.id(), grant.asked()),
        GrantType.AUTHORIZATION_CODE,
        counts(user, grant),
        new Policies.Requester(requester.ipAddress(), requester.userAgent()));
  }

  /// What is on the device already ends with this, and does not count.
  private Policies.SessionCounts counts(UserView user, PendingGrant grant) {
    try {
      return census.count(user.id(), MatrixScope.deviceId(grant.scope()).orElse(null)).counts();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
