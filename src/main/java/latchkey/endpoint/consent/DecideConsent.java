package latchkey.endpoint.consent;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.language.Message;
import latchkey.base.oauth.AuthorizationResponse;
import latchkey.base.oauth.Prompt;
import latchkey.base.system.Ids;
import latchkey.base.web.Continuation;
import latchkey.base.web.HeldSession;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.Clients;
import latchkey.domain.grant.AskAccount;
import latchkey.domain.grant.AskSignIn;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.notice.Incidents;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;

/// Shows a grant to its user, or, once the user said yes, gives the client its code. What the
/// client demands of the user and of their sign-in is asked each time, and again by the update that
/// makes the code.
@Singleton
class DecideConsent {
  /// What the person has just done.
  enum Act {
    LOOK,
    /// Pressed "Allow".
    ALLOW,
    /// Chose to go on with the account that is signed in.
    GO_ON
  }

  /// @param account the user the pressed page was shown to, if it said so
  record Request(
      String grant,
      Optional<HeldSession> cookie,
      Requester requester,
      String csrf,
      Act act,
      Optional<UUID> account) {}

  sealed interface Outcome {
    /// Somebody has to sign in first, or again.
    record LogIn(Continuation next) implements Outcome {}

    /// The person has to be told something first.
    record ReadNotices(Continuation next) implements Outcome {}

    /// The same page again, as it is now.
    record Reload(Continuation next) implements Outcome {}

    /// A page that leads nowhere else: the state of an account.
    record Show(Page page) implements Outcome {}

    /// A page that leads to the client: a question, or a refusal.
    record ShowForClient(Page page, String redirectUri) implements Outcome {}

    record Callback(AuthorizationResponse response) implements Outcome {}
  }

  private final AuthorizationGrants grants;
  private final Clients clients;
  private final BrowserSessions browserSessions;
  private final AnswerSilently answerSilently;
  private final AskAccount askAccount;
  private final AskSignIn askSignIn;
  private final AskRules askRules;
  private final GiveConsent giveConsent;
  private final TellUnmet tellUnmet;
  private final Incidents incidents;
  private final ConsentPages pages;
  private final Clock clock;

  DecideConsent(
      AuthorizationGrants grants,
      Clients clients,
      BrowserSessions browserSessions,
      AnswerSilently answerSilently,
      AskAccount askAccount,
      AskSignIn askSignIn,
      AskRules askRules,
      GiveConsent giveConsent,
      TellUnmet tellUnmet,
      Incidents incidents,
      ConsentPages pages,
      Clock clock) {
    this.grants = grants;
    this.clients = clients;
    this.browserSessions = browserSessions;
    this.answerSilently = answerSilently;
    this.askAccount = askAccount;
    this.askSignIn = askSignIn;
    this.askRules = askRules;
    this.giveConsent = giveConsent;
    this.tellUnmet = tellUnmet;
    this.incidents = incidents;
    this.pages = pages;
    this.clock = clock;
  }

  Outcome handle(Request request) {
    var grant = requirePending(request.grant());
    var client = clients.find(grant.clientId()).orElseThrow(DecideConsent::notFound);
    var next = new Continuation.ContinueGrant(grant.id());
    // As precise as the rows it is compared with.
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var visitor = browserSessions.visitor(request.cookie(), request.requester());
    if (grant.demands().asks(Prompt.NONE)) {
      return new Outcome.Callback(
          answerSilently.handle(grant, client, visitor, request.requester(), now));
    }
    var frame = pages.frame(request.requester(), grant);
    return switch (visitor) {
      case Visitor.Anonymous _ -> new Outcome.LogIn(next);
      case Visitor.Ended _ -> new Outcome.Show(pages.ended(frame, next, request.csrf()));
      case Visitor.Inactive(var user) ->
          new Outcome.Show(pages.inactive(frame, user, next, request.csrf()));
      case Visitor.SignedIn person -> meet(request, frame, grant, client, person, now);
    };
  }

  private Outcome meet(
      Request request,
      Frame frame,
      PendingGrant grant,
      ClientView client,
      Visitor.SignedIn person,
      Instant now) {
    var next = new Continuation.ContinueGrant(grant.id());
    // Another tab may have signed somebody else in since the page was shown.
    boolean sameAccount =
        request.account().isEmpty() || request.account().get().equals(person.user().id());
    if (request.act() == Act.GO_ON && sameAccount) {
      grants.choose(grant.id(), person.session());
      return new Outcome.Reload(next);
    }
    var question = askAccount.handle(grant, person);
    if (question.isEmpty()) {
      switch (askSignIn.handle(grant, person, now)) {
        case GOOD -> {}
        case TOO_OLD, WEAK -> {
          return new Outcome.LogIn(next);
        }
        case UNMET -> {
          return new Outcome.Callback(
              tellUnmet.handle(grant, person, now).orElseThrow(DecideConsent::answered));
        }
      }
    }
    if (request.act() == Act.LOOK && incidents.isAnyUnseen(person.user().id())) {
      return new Outcome.ReadNotices(next);
    }
    if (question.isPresent()) {
      var page = pages.account(frame, question.get(), grant, client, person.user(), request.csrf());
      return new Outcome.ShowForClient(page, grant.redirectUri());
    }
    return decide(
        request, frame, grant, client, person, now, request.act() == Act.ALLOW && sameAccount);
  }

  private Outcome decide(
      Request request,
      Frame frame,
      PendingGrant grant,
      ClientView client,
      Visitor.SignedIn person,
      Instant now,
      boolean given) {
    var user = person.user();
    var violations = askRules.handle(grant, client, user, request.requester());
    if (!violations.isEmpty()) {
      var page = pages.refusal(frame, grant, client, user, violations, request.csrf());
      return new Outcome.ShowForClient(page, grant.redirectUri());
    }
    if (!given) {
      var page = pages.question(frame, grant, client, user, request.requester(), request.csrf());
      return new Outcome.ShowForClient(page, grant.redirectUri());
    }
    return new Outcome.Callback(
        giveConsent.handle(grant, person, now).orElseThrow(DecideConsent::answered));
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
