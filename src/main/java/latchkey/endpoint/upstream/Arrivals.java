package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.web.Continuation;
import latchkey.base.web.Underway;
import latchkey.domain.session.BrowserSessions.Visitor;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLinks;
import latchkey.domain.user.UserView;

/// Finds who came back, in the browser that they left with. Without its cookie nobody is anybody.
@Singleton
class Arrivals {
  private final StoredTrips stored;
  private final UpstreamLinks links;
  private final Providers providers;

  Arrivals(StoredTrips stored, UpstreamLinks links, Providers providers) {
    this.stored = stored;
    this.links = links;
    this.providers = providers;
  }

  /// Refuses what is over, and what is not this browser's.
  Arrival require(UUID link, Visit visit) {
    var underway =
        newest(link, visit).orElseThrow(() -> Refusals.over("no trip of this browser's led there"));
    var provider = providers.find(underway.provider()).orElseThrow(Refusals::noProvider);
    return stored
        .findCompleted(underway.trip())
        .filter(trip -> trip.link().id().equals(link))
        .filter(trip -> trip.providerId().equals(provider.id()))
        .map(trip -> new Arrival(underway, provider, trip))
        .orElseThrow(() -> Refusals.over("the trip is over"));
  }

  /// Where somebody was going who was let in already, and sends the same again.
  Optional<Continuation> after(UUID link, Visit visit, Visitor visitor) {
    return visitor instanceof Visitor.SignedIn person
            && links
                .find(link)
                .filter(known -> person.user().id().equals(known.userId()))
                .isPresent()
        ? newest(link, visit)
            .filter(underway -> stored.findCompleted(underway.trip()).isEmpty())
            .map(Underway::next)
        : Optional.empty();
  }

  /// Whether a user has an account at the same provider already.
  boolean hasLink(Arrival arrival, UserView user) {
    return links.ofUser(user.id()).stream()
        .anyMatch(link -> link.providerId().equals(arrival.provider().id()));
  }

  private static Optional<Underway> newest(UUID link, Visit visit) {
    return visit.trips().reversed().stream().filter(trip -> trip.isBackAs(link)).findFirst();
  }
}
