package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.web.Continuation;
import latchkey.base.web.HeldSession;
import latchkey.base.web.Underway;
import latchkey.base.web.page.Page;
import latchkey.domain.grant.AuthorizationGrants;
import latchkey.domain.grant.PendingGrant;
import latchkey.domain.lifecycle.RegisterThroughProvider;
import latchkey.domain.notice.Incidents;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.upstream.ClaimsImports.OnConflict;
import latchkey.domain.upstream.ImportClaims;
import latchkey.domain.upstream.ImportOutcome;
import latchkey.domain.user.UserView;
import latchkey.domain.user.Users;
import latchkey.endpoint.upstream.Gate.Judgement.Admitted;
import org.jspecify.annotations.Nullable;

/// What becomes of somebody who came back from a provider (`pages.md` 5.3): signed in, asked, or
/// told why not.
@Singleton
class MeetArrival {
  sealed interface Outcome {
    /// Signed in, and on.
    ///
    /// @param over the trip that has ended
    /// @param hasNotices whether there is something to read first
    record SignedIn(
        HeldSession session, String username, Continuation next, Underway over, boolean hasNotices)
        implements Outcome {}

    /// On, as who they are here already.
    ///
    /// @param over the trip that has ended, if it ends now
    record GoOn(Continuation next, @Nullable Underway over) implements Outcome {}

    /// First they prove once more who they are here.
    record LogIn(Continuation next) implements Outcome {}

    record Show(int status, Page page) implements Outcome {}
  }

  private final Arrivals arrivals;
  private final StoredTrips stored;
  private final BrowserSessions browserSessions;
  private final AuthorizationGrants grants;
  private final Users users;
  private final DraftAccount draftAccount;
  private final CheckForm checkForm;
  private final Gate gate;
  private final SignIn signIn;
  private final Incidents incidents;
  private final Refusals refusals;
  private final UpstreamPages pages;
  private final Clock clock;

  MeetArrival(
      Arrivals arrivals,
      StoredTrips stored,
      BrowserSessions browserSessions,
      AuthorizationGrants grants,
      Users users,
      DraftAccount draftAccount,
      CheckForm checkForm,
      Gate gate,
      SignIn signIn,
      Incidents incidents,
      Refusals refusals,
      UpstreamPages pages,
      Clock clock) {
    this.arrivals = arrivals;
    this.stored = stored;
    this.browserSessions = browserSessions;
    this.grants = grants;
    this.users = users;
    this.draftAccount = draftAccount;
    this.checkForm = checkForm;
    this.gate = gate;
    this.signIn = signIn;
    this.incidents = incidents;
    this.refusals = refusals;
    this.pages = pages;
    this.clock = clock;
  }

  /// Loads the page.
  Outcome handle(UUID link, Visit visit) throws SQLException {
    return meet(link, visit, Optional.empty());
  }

  /// Sends the form about a new account.
  Outcome handle(UUID link, Visit visit, RegisterForm form) throws SQLException {
    return meet(link, visit, Optional.of(form));
  }

  private Outcome meet(UUID link, Visit visit, Optional<RegisterForm> form) throws SQLException {
    var visitor = browserSessions.visitor(visit.cookie(), visit.requester());
    var after = arrivals.after(link, visit, visitor);
    if (after.isPresent()) {
      return new Outcome.GoOn(after.get(), null);
    }
    var arrival = arrivals.require(link, visit);
    var owner = arrival.link().user().flatMap(users::find);
    if (visitor instanceof Visitor.SignedIn person) {
      boolean own = owner.filter(user -> user.id().equals(person.user().id())).isPresent();
      if (!own) {
        return new Outcome.Show(200, pages.link(arrival, person.user(), owner.isPresent(), visit));
      }
    }
    var claims = arrival.completed().claims();
    return switch (gate.judge(arrival.provider(), claims, owner, visit.requester())) {
      case Gate.Judgement.Refused refused -> refused(arrival, refused, visit);
      case Admitted admitted when owner.isPresent() ->
          signedIn(arrival, admitted, owner.get(), visitor, visit);
      case Admitted admitted -> newcomer(arrival, admitted, visit, form);
    };
  }

  /// The rules do not let them in. That ends the trip: a page that is loaded again asks no rules
  /// again, and tells no admin.
  Outcome refused(Arrival arrival, Gate.Judgement.Refused refused, Visit visit) {
    stored.end(arrival.trip());
    var frame = pages.frame(arrival.next(), visit.requester());
    return new Outcome.Show(403, gate.refusal(frame, arrival.provider(), refused, arrival.next()));
  }

  private Outcome signedIn(
      Arrival arrival, Admitted admitted, UserView owner, Visitor visitor, Visit visit)
      throws SQLException {
    var user = owner;
    if (user.locked()) {
      // Whoever was held because they seemed to be gone is here.
      gate.release(arrival.provider(), arrival.link().id());
      user = users.find(owner.id()).orElse(owner);
    }
    if (!user.isActive()) {
      return inactive(arrival, user, visit);
    }
    var grant = grants.pending(arrival.next());
    if (!isNewEnough(arrival, visitor, grant)) {
      return new Outcome.Show(
          403, pages.stale(arrival.provider(), arrival.next(), visit.requester()));
    }
    var language = pages.frame(grant, visit.requester()).language();
    var session = signIn.known(arrival, admitted, user.id(), visit, language);
    return done(arrival, user.id(), user.username(), session);
  }

  /// Whether what waits is content with a sign-in of that time. If not, it would only ask for
  /// another, again and again.
  private boolean isNewEnough(
      Arrival arrival, Visitor visitor, Optional<PendingGrant> grant) {
    var now = clock.instant();
    var there = visitor instanceof Visitor.SignedIn person ? person.authenticatedAt() : null;
    var proof = arrival.proof(now).orElse(there == null ? now : there);
    var newest = there != null && there.isAfter(proof) ? there : proof;
    if (arrival.next().needsRecentSignIn()) {
      return BrowserSessions.isRecent(newest, now);
    }
    return grant.isEmpty() || grant.get().accepts(newest, now);
  }

  private Outcome inactive(Arrival arrival, UserView user, Visit visit) throws SQLException {
    refusals.record(
        arrival.provider(),
        arrival.trip(),
        arrival.link(),
        user.deactivated() ? "the account is deactivated" : "the account is locked");
    return new Outcome.Show(200, pages.inactive(user, arrival.next(), visit));
  }

  private Outcome newcomer(
      Arrival arrival, Admitted admitted, Visit visit, Optional<RegisterForm> form)
      throws SQLException {
    return switch (ImportClaims.handle(arrival.provider().claims(), arrival.completed().claims())) {
      case ImportOutcome.Refused(var unfit) -> {
        refusals.record(arrival.provider(), arrival.trip(), arrival.link(), unfit.toString());
        yield new Outcome.Show(
            500, pages.incomplete(arrival.provider(), arrival.next(), visit.requester()));
      }
      case ImportOutcome.Imported claims ->
          switch (draftAccount.handle(claims, visit.requester())) {
            case DraftAccount.Outcome.Offered(var offer) ->
                offered(arrival, admitted, offer, visit, form);
            case DraftAccount.Outcome.Somebody(var user) -> somebody(arrival, user, visit);
            case DraftAccount.Impossible why -> impossible(arrival, why, visit);
          };
    };
  }

  private Outcome offered(
      Arrival arrival, Admitted admitted, Offer offer, Visit visit, Optional<RegisterForm> sent)
      throws SQLException {
    boolean asks = !arrival.provider().claims().skipConfirmation();
    if (asks && sent.isEmpty()) {
      var form = RegisterForm.of(offer);
      return new Outcome.Show(
          200, pages.register(arrival, offer, form, RegisterErrors.NONE, visit));
    }
    var form = asks ? sent.orElseThrow() : RegisterForm.of(offer);
    return switch (checkForm.handle(offer, form, asks, visit.requester())) {
      case CheckForm.Outcome.Wrong(var errors) ->
          new Outcome.Show(200, pages.register(arrival, offer, form, errors, visit));
      case CheckForm.Outcome.Impossible(var why) -> impossible(arrival, why, visit);
      case CheckForm.Outcome.Good(var account) ->
          register(arrival, admitted, offer, form, account, visit);
    };
  }

  private Outcome register(
      Arrival arrival,
      Admitted admitted,
      Offer offer,
      RegisterForm form,
      RegisterThroughProvider.NewAccount account,
      Visit visit)
      throws SQLException {
    try {
      var session = signIn.registered(arrival, admitted, account, visit, language(arrival, visit));
      return new Outcome.SignedIn(
          session, account.username(), arrival.next(), arrival.underway(), false);
    } catch (RegisterThroughProvider.Refused refused) {
      return switch (refused.taken()) {
        case USERNAME ->
            offer.usernameFixed()
                ? impossible(
                    arrival,
                    DraftAccount.Impossible.of(DraftAccount.Reason.USER_EXISTS, account.username()),
                    visit)
                : new Outcome.Show(
                    200,
                    pages.register(
                        arrival,
                        offer,
                        form,
                        RegisterErrors.NONE.withUsername(RegisterErrors.usernameExists()),
                        visit));
        case EMAIL ->
            impossible(
                arrival,
                DraftAccount.Impossible.of(
                    DraftAccount.Reason.EMAIL_IN_USE, String.valueOf(account.email())),
                visit);
        case LINK -> throw Refusals.over("the link is somebody's meanwhile");
      };
    }
  }

  /// The name is that of somebody who is here: what the admin wants then, happens.
  private Outcome somebody(Arrival arrival, UserView user, Visit visit) throws SQLException {
    var rule = arrival.provider().claims().localpart().onConflict();
    boolean allowed =
        rule != OnConflict.FAIL && (rule != OnConflict.SET || !arrivals.hasLink(arrival, user));
    if (!allowed) {
      return impossible(
          arrival,
          DraftAccount.Impossible.of(DraftAccount.Reason.USER_EXISTS, user.username()),
          visit);
    }
    if (!user.isActive()) {
      return inactive(arrival, user, visit);
    }
    if (!SignIn.mayBeMet(user)) {
      return impossible(
          arrival,
          DraftAccount.Impossible.of(DraftAccount.Reason.USER_EXISTS, user.username()),
          "User exists, and may ask for admin rights",
          visit);
    }
    // Until now they were judged as somebody new.
    var claims = arrival.completed().claims();
    return switch (gate.judge(arrival.provider(), claims, Optional.of(user), visit.requester())) {
      case Gate.Judgement.Refused refused -> refused(arrival, refused, visit);
      case Admitted admitted ->
          done(
              arrival,
              user.id(),
              user.username(),
              signIn.byName(arrival, admitted, user.id(), visit, language(arrival, visit)));
    };
  }

  private Outcome impossible(Arrival arrival, DraftAccount.Impossible why, Visit visit)
      throws SQLException {
    return impossible(arrival, why, why.reason().code(), visit);
  }

  /// @param reason for an admin
  private Outcome impossible(
      Arrival arrival, DraftAccount.Impossible why, String reason, Visit visit)
      throws SQLException {
    refusals.record(arrival.provider(), arrival.trip(), arrival.link(), reason);
    return new Outcome.Show(
        200,
        pages.refused(arrival.provider(), arrival.link(), why, arrival.next(), visit.requester()));
  }

  private Outcome done(Arrival arrival, UUID user, String username, HeldSession session) {
    boolean hasNotices =
        !(arrival.next() instanceof Continuation.ReadNotice) && incidents.isAnyUnseen(user);
    return new Outcome.SignedIn(session, username, arrival.next(), arrival.underway(), hasNotices);
  }

  private String language(Arrival arrival, Visit visit) {
    return pages.frame(arrival.next(), visit.requester()).language();
  }
}
