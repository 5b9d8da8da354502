package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.web.Continuation;
import latchkey.domain.session.BrowserSessions;
import latchkey.domain.session.BrowserSessions.Visitor;

/// Ties who somebody is at a provider to the account they are signed in with here, if they have
/// proven a moment ago that it is theirs, and the rules let in whoever comes from there.
@Singleton
class LinkAccount {
  private final Arrivals arrivals;
  private final BrowserSessions browserSessions;
  private final Gate gate;
  private final SignIn signIn;
  private final MeetArrival meetArrival;
  private final Endings endings;
  private final Clock clock;

  LinkAccount(
      Arrivals arrivals,
      BrowserSessions browserSessions,
      Gate gate,
      SignIn signIn,
      MeetArrival meetArrival,
      Endings endings,
      Clock clock) {
    this.arrivals = arrivals;
    this.browserSessions = browserSessions;
    this.gate = gate;
    this.signIn = signIn;
    this.meetArrival = meetArrival;
    this.endings = endings;
    this.clock = clock;
  }

  MeetArrival.Outcome handle(UUID link, Visit visit) throws SQLException {
    var visitor = browserSessions.visitor(visit.cookie(), visit.requester());
    if (!(visitor instanceof Visitor.SignedIn person)
        || arrivals.after(link, visit, visitor).isPresent()) {
      return meetArrival.handle(link, visit);
    }
    var arrival = arrivals.require(link, visit);
    if (arrival.link().userId() != null) {
      return meetArrival.handle(link, visit);
    }
    if (!person.isRecent(clock.instant())) {
      return new MeetArrival.Outcome.LogIn(new Continuation.LinkUpstream(link));
    }
    var claims = arrival.completed().claims();
    return switch (gate.judge(
        arrival.provider(), claims, Optional.of(person.user()), visit.requester())) {
      case Gate.Judgement.Refused refused -> endings.refused(arrival, refused, visit);
      case Gate.Judgement.Admitted admitted -> {
        signIn.linked(arrival, admitted, person.user().id());
        yield new MeetArrival.Outcome.GoOn(arrival.next(), arrival.underway());
      }
    };
  }
}
