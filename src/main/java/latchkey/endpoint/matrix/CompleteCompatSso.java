package latchkey.endpoint.matrix;

import jakarta.inject.Singleton;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.language.Message;
import latchkey.base.system.Ids;
import latchkey.base.web.AccountStatePage;
import latchkey.base.web.Continuation;
import latchkey.base.web.Frames;
import latchkey.base.web.HeldSession;
import latchkey.base.web.PublicHost;
import latchkey.base.web.Requester;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.grant.CompatSsoLogins;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.notice.Incidents;
import latchkey.domain.policy.Policies;
import latchkey.domain.policy.Violation;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.session.ChooseSessions;
import latchkey.domain.session.SessionCensusRepository;
import latchkey.domain.upstream.Providers;
import latchkey.domain.user.DisplayNames;
import latchkey.domain.user.UserView;

/// Asks a person whether a legacy app may sign in as them, and once they said yes, sends the app
/// its login token. The rules are asked when the page is shown and again when it is sent.
@Singleton
class CompleteCompatSso {
  /// @param account the user the pressed page was shown to; empty if it was not pressed
  /// @param register whether the app wants a new account
  record Request(
      UUID login,
      Optional<HeldSession> cookie,
      Requester requester,
      String csrf,
      boolean pressed,
      Optional<UUID> account,
      boolean register) {}

  sealed interface Outcome {
    /// Somebody has to sign in first.
    record LogIn(Continuation next) implements Outcome {}

    /// To where an account can be made.
    record Register(Continuation next) implements Outcome {}

    /// The person has to be told something first.
    record ReadNotices(Continuation next) implements Outcome {}

    record Show(int status, Page page) implements Outcome {}

    /// A page whose form ends at the app.
    record ShowForApp(Page page, URI target) implements Outcome {}

    /// To the app, with its token.
    record GoOn(String url) implements Outcome {
      @Override
      public String toString() {
        return "GoOn";
      }
    }
  }

  private final CompatSsoLogins logins;
  private final BrowserSessions browserSessions;
  private final SessionCensusRepository census;
  private final ChooseSessions chooseSessions;
  private final Incidents incidents;
  private final Policies policies;
  private final Providers providers;
  private final DisplayNames displayNames;
  private final Homeserver homeserver;
  private final Frames frames;

  CompleteCompatSso(
      CompatSsoLogins logins,
      BrowserSessions browserSessions,
      SessionCensusRepository census,
      ChooseSessions chooseSessions,
      Incidents incidents,
      Policies policies,
      Providers providers,
      DisplayNames displayNames,
      Homeserver homeserver,
      Frames frames) {
    this.logins = logins;
    this.browserSessions = browserSessions;
    this.census = census;
    this.chooseSessions = chooseSessions;
    this.incidents = incidents;
    this.policies = policies;
    this.providers = providers;
    this.displayNames = displayNames;
    this.homeserver = homeserver;
    this.frames = frames;
  }

  Outcome handle(Request request) throws SQLException {
    var next = new Continuation.ContinueCompatSso(request.login(), request.register());
    var frame = frames.frame(request.requester());
    return switch (browserSessions.visitor(request.cookie(), request.requester())) {
      case Visitor.Anonymous _ when request.register() && !providers.all().isEmpty() ->
          new Outcome.Register(next);
      case Visitor.Anonymous _ -> new Outcome.LogIn(next);
      case Visitor.Ended _ ->
          new Outcome.Show(200, AccountStatePage.ended(frame, request.csrf(), next.parameters()));
      case Visitor.Inactive(var user) ->
          new Outcome.Show(200, inactive(frame, user, next, request));
      case Visitor.SignedIn person ->
          switch (logins.find(request.login())) {
            case CompatSsoLogins.Lookup.Pending(var redirectUri) ->
                meet(request, frame, next, person, redirectUri);
            case CompatSsoLogins.Lookup.Over _ -> over(frame);
            case CompatSsoLogins.Lookup.NotFound _ -> throw notFound();
          };
    };
  }

  private Outcome meet(
      Request request, Frame frame, Continuation next, Visitor.SignedIn person, String redirectUri)
      throws SQLException {
    if (!request.pressed() && incidents.isAnyUnseen(person.user().id())) {
      return new Outcome.ReadNotices(next);
    }
    var violations = violations(request, person.user(), redirectUri);
    if (!violations.isEmpty()) {
      return new Outcome.Show(403, refusal(request, frame, person.user(), redirectUri, violations));
    }
    // Another tab may have signed somebody else in since the page was shown.
    boolean sameAccount = request.account().equals(Optional.of(person.user().id()));
    if (!request.pressed() || !sameAccount) {
      return new Outcome.ShowForApp(
          question(request, frame, person.user(), redirectUri), URI.create(redirectUri));
    }
    return logins
        .fulfil(request.login(), person.session())
        .<Outcome>map(token -> new Outcome.GoOn(new SsoTarget(redirectUri).with(token)))
        .orElseGet(() -> over(frame));
  }

  private List<Violation> violations(Request request, UserView user, String redirectUri)
      throws SQLException {
    // Which device it will be is not known yet.
    var counts = census.count(user.id(), null).counts();
    return policies.compatLogin(
        user,
        new Policies.CompatLogin("m.login.sso", redirectUri, false, counts),
        new Policies.Requester(request.requester().ipAddress(), request.requester().userAgent()));
  }

  private Page question(Request request, Frame frame, UserView user, String redirectUri) {
    var app = PublicHost.ofRedirect(redirectUri);
    return new CompatSsoPage(
        frame,
        request.csrf(),
        Ids.text(request.login()),
        homeserver.serverName(),
        app,
        PublicHost.initial(app),
        displayNames.find(user.username()).orElse(null),
        matrixId(user),
        Ids.text(user.id()));
  }

  private Page refusal(
      Request request, Frame frame, UserView user, String redirectUri, List<Violation> violations) {
    long excess = Violation.sessionsToRemove(violations);
    return new CompatSsoRefusalPage(
        frame,
        request.csrf(),
        Ids.text(request.login()),
        homeserver.serverName(),
        PublicHost.ofRedirect(redirectUri),
        matrixId(user),
        excess,
        excess == 0 ? List.of() : chooseSessions.handle(user.id(), null, frame.translation()),
        new Continuation.ContinueCompatSso(request.login(), request.register())
            .choosePath()
            .substring(1),
        violations.stream().map(Violation::message).distinct().toList());
  }

  private Page inactive(Frame frame, UserView user, Continuation next, Request request) {
    return AccountStatePage.inactive(
        frame, user.deactivated(), matrixId(user), request.csrf(), next.parameters());
  }

  private static Outcome over(Frame frame) {
    return new Outcome.Show(200, new CompatSsoOverPage(frame));
  }

  private String matrixId(UserView user) {
    return homeserver.matrixId(user.username()).toString();
  }

  private static DomainProblem notFound() {
    return DomainProblem.of(
        Reason.NOT_FOUND, "there is no such login", Message.of("latchkey.error.no_question"));
  }
}
