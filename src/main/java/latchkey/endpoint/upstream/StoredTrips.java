package latchkey.endpoint.upstream;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.upstream.Identity;
import latchkey.domain.upstream.ImportOutcome.Imported;
import latchkey.domain.upstream.UpstreamLinkRepository;
import latchkey.domain.upstream.UpstreamLinkView;
import latchkey.domain.upstream.UpstreamRules;
import latchkey.domain.upstream.UpstreamSessionRepository;
import org.jspecify.annotations.Nullable;

/// The rows of trips, each step in a transaction of its own: between two of them a provider may be
/// talked to.
@Singleton
class StoredTrips {
  private final UpstreamSessionRepository trips;
  private final UpstreamLinkRepository links;
  private final UpstreamRules rules;
  private final Clock clock;
  private final Ids ids;

  StoredTrips(
      UpstreamSessionRepository trips,
      UpstreamLinkRepository links,
      UpstreamRules rules,
      Clock clock,
      Ids ids) {
    this.trips = trips;
    this.links = links;
    this.rules = rules;
    this.clock = clock;
    this.ids = ids;
  }

  /// @param grant what it is for; null for anything else
  @Transactional
  public void start(UUID trip, UUID provider, @Nullable UUID grant) {
    trips.start(trip, provider, grant, clock.instant());
  }

  /// Keeps what the provider said; answers who they are there, or nothing if the trip came back
  /// before.
  @Transactional
  public Optional<UpstreamLinkView> complete(
      UUID trip, UUID provider, Imported claims, Identity identity) {
    var now = clock.instant();
    var link =
        links.findOrCreate(
            ids.next(now), provider, claims.subject(), claims.accountName().orElse(null), now);
    var kept = rules.byUserinfo() && rules.revalidateEvery().isPresent();
    var proof = kept ? identity : identity.withAccessToken(Optional.empty());
    return trips.complete(trip, provider, link.id(), proof, now)
        ? Optional.of(link)
        : Optional.empty();
  }

  @Transactional
  public boolean isUnderWay(UUID trip, UUID provider) {
    return trips.isUnderWay(trip, provider);
  }

  /// It came back with nothing: one trip is good for one answer.
  @Transactional
  public void spend(UUID trip, UUID provider) {
    trips.spend(trip, provider, clock.instant());
  }

  /// It leads nowhere, for good.
  @Transactional
  public void end(UUID trip) {
    trips.consumeWithout(trip, clock.instant());
  }

  @Transactional
  public Optional<UpstreamSessionRepository.Completed> findCompleted(UUID trip) {
    return trips.findCompleted(trip);
  }
}
