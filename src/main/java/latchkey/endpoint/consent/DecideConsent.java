package latchkey.endpoint.consent;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.language.Message;
import latchkey.base.oauth.CallbackUrl;
import latchkey.base.system.Ids;
import latchkey.base.web.Continuation;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.Clients;
import latchkey.domain.client.GrantType;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.policy.Policies;
import latchkey.domain.policy.Violation;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.user.UserView;

/// Shows a grant to its user, or, once the user said yes, gives the client its code.
@Singleton
class DecideConsent {
  /// @param given whether the person has just pressed "Allow"
  record Request(
      String grant, Optional<UUID> cookie, Requester requester, String csrf, boolean given) {}

  sealed interface Outcome {
    /// Somebody has to sign in first.
    record LogIn(Continuation next) implements Outcome {}

    /// A page that leads nowhere else: a refusal, or the state of an account.
    record Show(Page page) implements Outcome {}

    /// The question, whose answer goes to the redirect URI.
    record Ask(Page page, String redirectUri) implements Outcome {}

    record Callback(String url) implements Outcome {}
  }

  private final AuthorizationGrants grants;
  private final Clients clients;
  private final BrowserSessions browserSessions;
  private final Policies policies;
  private final ConsentPages pages;
  private final HttpConfig http;

  DecideConsent(
      AuthorizationGrants grants,
      Clients clients,
      BrowserSessions browserSessions,
      Policies policies,
      ConsentPages pages,
      HttpConfig http) {
    this.grants = grants;
    this.clients = clients;
    this.browserSessions = browserSessions;
    this.policies = policies;
    this.pages = pages;
    this.http = http;
  }

  Outcome handle(Request request) {
    var grant = requirePending(request.grant());
    var client = clients.find(grant.clientId()).orElseThrow(DecideConsent::notFound);
    var next = new Continuation.ContinueGrant(grant.id());
    var frame = pages.frame(request.requester(), grant);
    return switch (browserSessions.visitor(request.cookie())) {
      case BrowserSessions.Visitor.Anonymous _ -> new Outcome.LogIn(next);
      case BrowserSessions.Visitor.Ended _ ->
          new Outcome.Show(pages.ended(frame, next, request.csrf()));
      case BrowserSessions.Visitor.Inactive(var user) ->
          new Outcome.Show(pages.inactive(frame, user, next, request.csrf()));
      case BrowserSessions.Visitor.SignedIn(var session, var user) ->
          decide(request, frame, grant, client, session, user);
    };
  }

  private Outcome decide(
      Request request,
      Frame frame,
      PendingGrant grant,
      ClientView client,
      UUID session,
      UserView user) {
    var cancelUrl = callback(grant, Map.of("error", "access_denied"));
    var violations = violations(request, grant, client, user);
    if (!violations.isEmpty()) {
      return new Outcome.Show(
          pages.refusal(frame, grant, client, user, violations, request.csrf(), cancelUrl));
    }
    if (!request.given()) {
      var page =
          pages.question(
              frame, grant, client, user, request.requester(), request.csrf(), cancelUrl);
      return new Outcome.Ask(page, grant.redirectUri());
    }
    var code = grants.fulfil(grant.id(), session).orElseThrow(DecideConsent::answered);
    return new Outcome.Callback(callback(grant, Map.of("code", code.reveal())));
  }

  private List<Violation> violations(
      Request request, PendingGrant grant, ClientView client, UserView user) {
    return policies.authorizationGrant(
        user,
        client,
        grant.scope(),
        GrantType.AUTHORIZATION_CODE,
        new Policies.Requester(request.requester().ipAddress(), request.requester().userAgent()));
  }

  private PendingGrant requirePending(String id) {
    var lookup =
        Ids.parse(id).map(grants::find).orElseGet(AuthorizationGrants.Lookup.NotFound::new);
    return switch (lookup) {
      case AuthorizationGrants.Lookup.Pending(var grant) -> grant;
      case AuthorizationGrants.Lookup.NoLongerPending _ -> throw answered();
      case AuthorizationGrants.Lookup.NotFound _ -> throw notFound();
    };
  }

  private String callback(PendingGrant grant, Map<String, String> answer) {
    return CallbackUrl.of(
        grant.redirectUri(), grant.responseMode(), grant.state(), http.issuer(), answer);
  }

  private static DomainProblem answered() {
    return DomainProblem.of(
        Reason.CONFLICT,
        "the grant is no longer pending",
        Message.of("latchkey.error.answered.text"));
  }

  private static DomainProblem notFound() {
    return DomainProblem.of(
        Reason.NOT_FOUND, "there is no such grant", Message.of("latchkey.error.no_question"));
  }
}
