package latchkey.endpoint.consent;

import jakarta.inject.Singleton;
import java.time.Instant;
import latchkey.base.oauth.AuthorizationResponse;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.Requester;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.RedirectUris;
import latchkey.domain.grant.AskAccount;
import latchkey.domain.grant.AskSignIn;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.session.Approvals;
import latchkey.domain.session.BrowserSessions.Visitor;

/// Answers a client that wants no page shown (`prompt=none`, OpenID Connect Core §3.1.2.1): with a
/// code if this very person has allowed all of it before, else with what a page would be needed
/// for.
@Singleton
class AnswerSilently {
  private final AuthorizationGrants grants;
  private final Approvals approvals;
  private final AskAccount askAccount;
  private final AskSignIn askSignIn;
  private final AskRules askRules;
  private final ClientAnswers answers;

  AnswerSilently(
      AuthorizationGrants grants,
      Approvals approvals,
      AskAccount askAccount,
      AskSignIn askSignIn,
      AskRules askRules,
      ClientAnswers answers) {
    this.grants = grants;
    this.approvals = approvals;
    this.askAccount = askAccount;
    this.askSignIn = askSignIn;
    this.askRules = askRules;
    this.answers = answers;
  }

  AuthorizationResponse handle(
      PendingGrant grant, ClientView client, Visitor visitor, Requester requester, Instant now) {
    if (!(visitor instanceof Visitor.SignedIn person)) {
      return answers.error(grant, OAuthError.LOGIN_REQUIRED, "Nobody is signed in.");
    }
    if (!grant.demands().allow(person.user().id())) {
      return answers.error(grant, OAuthError.LOGIN_REQUIRED, "Somebody else is signed in.");
    }
    return switch (askSignIn.handle(grant, person, now)) {
      case GOOD -> answer(grant, client, person, requester, now);
      case TOO_OLD -> answers.error(grant, OAuthError.LOGIN_REQUIRED, "The sign-in is too old.");
      case WEAK ->
          answers.error(
              grant,
              OAuthError.LOGIN_REQUIRED,
              "The sign-in has none of the essential values of acr.");
      case UNMET ->
          answers.error(
              grant,
              OAuthError.UNMET_AUTHENTICATION_REQUIREMENTS,
              "None of the essential values of acr can be reached here.");
    };
  }

  private AuthorizationResponse answer(
      PendingGrant grant,
      ClientView client,
      Visitor.SignedIn person,
      Requester requester,
      Instant now) {
    if (askAccount.hintAtAnother(grant, person.user()).isPresent()) {
      return answers.error(
          grant, OAuthError.ACCOUNT_SELECTION_REQUIRED, "Another account is signed in.");
    }
    if (!askRules.handle(grant, client, person.user(), requester).isEmpty()) {
      return answers.error(grant, OAuthError.INTERACTION_REQUIRED, "The rules object.");
    }
    if (!isApproved(grant, person, now)) {
      return answers.error(grant, OAuthError.CONSENT_REQUIRED, "The person has to be asked.");
    }
    return grants
        .fulfil(grant.id(), person.session(), now)
        .map(code -> answers.code(grant, code))
        .orElseGet(() -> answers.error(grant, OAuthError.LOGIN_REQUIRED, "The sign-in is over."));
  }

  /// RFC 8252 §8.6: what comes back to an app on the person's own machine any app can ask for under
  /// this client's id, so there a yes is never remembered.
  private boolean isApproved(PendingGrant grant, Visitor.SignedIn person, Instant now) {
    return RedirectUris.belongsToOneHost(grant.redirectUri())
        && approvals.covers(person.user().id(), grant.clientId(), grant.asked(), now);
  }
}
