package latchkey.endpoint.consent;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import latchkey.base.oauth.AuthorizationResponse;
import latchkey.base.oauth.OAuthError;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.session.BrowserSessions.Visitor;
import org.jboss.logging.Logger;

/// Tells a client that a sign-in made for its request is none of those it cannot do without (OpenID
/// Connect Core §5.5.1.1, Unmet Authentication Requirements 1.0), and leaves a line in the log and
/// the audit event `acr_unmet`. That ends the grant.
@Singleton
class TellUnmet {
  private static final Logger LOG = Logger.getLogger(TellUnmet.class);

  private final AuthorizationGrants grants;
  private final AuditEventRepository audit;
  private final ClientAnswers answers;

  TellUnmet(AuthorizationGrants grants, AuditEventRepository audit, ClientAnswers answers) {
    this.grants = grants;
    this.audit = audit;
    this.answers = answers;
  }

  /// Empty if the grant was answered already.
  @Transactional
  public Optional<AuthorizationResponse> handle(
      PendingGrant grant, Visitor.SignedIn person, Instant now) {
    if (!grants.cancel(grant.id(), now)) {
      return Optional.empty();
    }
    record(grant, person);
    return Optional.of(
        answers.error(
            grant,
            OAuthError.UNMET_AUTHENTICATION_REQUIREMENTS,
            "The person has signed in, but by none of the essential values of acr."));
  }

  private void record(PendingGrant grant, Visitor.SignedIn person) {
    LOG.warnf(
        "client %s got no code: the sign-in of user %s has none of the essential values of acr",
        Ids.text(grant.clientId()), Ids.text(person.user().id()));
    var wanted = new JsonArray(grant.demands().acrs().stream().sorted().toList());
    try {
      audit.append(
          "acr_unmet",
          person.user().id(),
          grant.clientId(),
          null,
          new JsonObject().put("essential", wanted));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
