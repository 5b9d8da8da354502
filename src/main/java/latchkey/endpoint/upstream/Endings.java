package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.UUID;
import latchkey.base.web.Continuation;
import latchkey.base.web.HeldSession;
import latchkey.domain.notice.Incidents;
import latchkey.domain.user.UserView;
import latchkey.endpoint.upstream.MeetArrival.Outcome;

/// What a trip ends in, whoever came back and whatever for.
@Singleton
class Endings {
  private final StoredTrips stored;
  private final Gate gate;
  private final Incidents incidents;
  private final Refusals refusals;
  private final UpstreamPages pages;

  Endings(
      StoredTrips stored, Gate gate, Incidents incidents, Refusals refusals, UpstreamPages pages) {
    this.stored = stored;
    this.gate = gate;
    this.incidents = incidents;
    this.refusals = refusals;
    this.pages = pages;
  }

  /// The rules do not let them in. That ends the trip: a page that is loaded again asks no rules
  /// again, and tells no admin.
  Outcome refused(Arrival arrival, Gate.Judgement.Refused refused, Visit visit) {
    stored.end(arrival.trip());
    var frame = pages.frame(arrival.next(), visit.requester());
    return new Outcome.Show(403, gate.refusal(frame, arrival.provider(), refused, arrival.next()));
  }

  /// Their account is locked or deactivated.
  Outcome inactive(Arrival arrival, UserView user, Visit visit) throws SQLException {
    refusals.record(
        arrival.provider(),
        arrival.trip(),
        arrival.link(),
        user.deactivated() ? "the account is deactivated" : "the account is locked");
    return new Outcome.Show(200, pages.inactive(user, arrival.next(), visit));
  }

  /// They are in, as somebody who was here before.
  Outcome signedIn(Arrival arrival, UUID user, String username, HeldSession session) {
    boolean hasNotices =
        !(arrival.next() instanceof Continuation.ReadNotice) && incidents.isAnyUnseen(user);
    return new Outcome.SignedIn(session, username, arrival.next(), arrival.underway(), hasNotices);
  }
}
