package latchkey.endpoint.upstream;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.base.web.Continuation;
import latchkey.base.web.Underway;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.UpstreamLinkView;
import latchkey.domain.upstream.UpstreamSessionRepository.Completed;

/// Somebody who came back from a provider, and was not yet let in.
record Arrival(Underway underway, ProviderConfig provider, Completed completed) {
  /// By how much their clocks may differ from ours, with the time a person takes to get here.
  private static final Duration SKEW = Duration.ofMinutes(2);

  /// When they proved at the provider who they are, if it says so (`auth_time`): now, if that was
  /// on this trip. Somebody who was signed in there already has proved nothing to us.
  Optional<Instant> proof(Instant now) {
    var began = Ids.time(trip());
    return completed.authTime().map(time -> time.isBefore(began.minus(SKEW)) ? time : now);
  }

  UUID trip() {
    return underway.trip();
  }

  UpstreamLinkView link() {
    return completed.link();
  }

  Continuation next() {
    return underway.next();
  }
}
