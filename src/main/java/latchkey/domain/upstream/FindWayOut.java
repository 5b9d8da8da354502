package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;
import latchkey.domain.upstream.UpstreamSessionRepository.WayOut;

/// Finds by what a browser session signs out at the provider it was last proven by.
@Singleton
public class FindWayOut {
  private final UpstreamSessionRepository trips;

  FindWayOut(UpstreamSessionRepository trips) {
    this.trips = trips;
  }

  /// Empty if it was not proven by a provider.
  @Transactional
  public Optional<WayOut> handle(UUID browserSession) {
    return trips.wayOut(browserSession);
  }
}
