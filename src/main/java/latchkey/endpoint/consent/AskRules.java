package latchkey.endpoint.consent;

import jakarta.inject.Singleton;
import java.util.List;
import latchkey.base.web.Requester;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.GrantType;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.policy.Policies;
import latchkey.domain.policy.Violation;
import latchkey.domain.user.UserView;

/// Asks the rules whether a user may give a client what its grant asks for.
@Singleton
class AskRules {
  private final Policies policies;

  AskRules(Policies policies) {
    this.policies = policies;
  }

  List<Violation> handle(
      PendingGrant grant, ClientView client, UserView user, Requester requester) {
    return policies.authorizationGrant(
        user,
        client,
        // A claim wanted by name must not get past a rule about its scope.
        grant.asked(),
        GrantType.AUTHORIZATION_CODE,
        new Policies.Requester(requester.ipAddress(), requester.userAgent()));
  }
}
