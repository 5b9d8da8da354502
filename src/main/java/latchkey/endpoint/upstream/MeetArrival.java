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
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;
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
  private final BrowserSessions browserSessions;
  private final AuthorizationGrants grants;
  private final Users users;
  private final MeetNewcomer meetNewcomer;
  private final Gate gate;
  private final SignIn signIn;
  private final Endings endings;
  private final UpstreamPages pages;
  private final Clock clock;

  MeetArrival(
      Arrivals arrivals,
      BrowserSessions browserSessions,
      AuthorizationGrants grants,
      Users users,
      MeetNewcomer meetNewcomer,
      Gate gate,
      SignIn signIn,
      Endings endings,
      UpstreamPages pages,
      Clock clock) {
    this.arrivals = arrivals;
    this.browserSessions = browserSessions;
    this.grants = grants;
    this.users = users;
    this.meetNewcomer = meetNewcomer;
    this.gate = gate;
    this.signIn = signIn;
    this.endings = endings;
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
      case Gate.Judgement.Refused refused -> endings.refused(arrival, refused, visit);
      case Admitted admitted when owner.isPresent() ->
          signedIn(arrival, admitted, owner.get(), visitor, visit);
      case Admitted admitted -> meetNewcomer.handle(arrival, admitted, visit, form);
    };
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
      return endings.inactive(arrival, user, visit);
    }
    var grant = grants.pending(arrival.next());
    if (!isNewEnough(arrival, visitor, grant)) {
      return new Outcome.Show(
          403, pages.stale(arrival.provider(), arrival.next(), visit.requester()));
    }
    var language = pages.frame(grant, visit.requester()).language();
    var session = signIn.known(arrival, admitted, user.id(), visit, language);
    return endings.signedIn(arrival, user.id(), user.username(), session);
  }

  /// Whether what waits is content with a sign-in of that time. If not, it would only ask for
  /// another, again and again.
  private boolean isNewEnough(Arrival arrival, Visitor visitor, Optional<PendingGrant> grant) {
    var now = clock.instant();
    var there = visitor instanceof Visitor.SignedIn person ? person.authenticatedAt() : null;
    var proof = arrival.proof(now).orElse(there == null ? now : there);
    var newest = there != null && there.isAfter(proof) ? there : proof;
    if (arrival.next().needsRecentSignIn()) {
      return BrowserSessions.isRecent(newest, now);
    }
    return grant.isEmpty() || grant.get().accepts(newest, now);
  }
}
