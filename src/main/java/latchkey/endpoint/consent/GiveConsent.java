package latchkey.endpoint.consent;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Optional;
import latchkey.base.oauth.AuthorizationResponse;
import latchkey.domain.client.RedirectUris;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.session.Approvals;
import latchkey.domain.session.BrowserSessions.Visitor;

/// The person said yes: makes the code, and remembers the yes where it may count again.
@Singleton
class GiveConsent {
  private final AuthorizationGrants grants;
  private final Approvals approvals;
  private final ClientAnswers answers;

  GiveConsent(AuthorizationGrants grants, Approvals approvals, ClientAnswers answers) {
    this.grants = grants;
    this.approvals = approvals;
    this.answers = answers;
  }

  /// Empty if the grant was answered already.
  @Transactional
  Optional<AuthorizationResponse> handle(PendingGrant grant, Visitor.SignedIn person, Instant now) {
    var code = grants.fulfil(grant.id(), person.session(), now);
    if (code.isPresent() && RedirectUris.belongsToOneHost(grant.redirectUri())) {
      approvals.record(person.user().id(), grant.clientId(), grant.asked(), now);
    }
    return code.map(secret -> answers.code(grant, secret));
  }
}
