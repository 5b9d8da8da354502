package latchkey.endpoint.upstream;

import java.util.UUID;
import latchkey.base.web.Continuation;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.UpstreamLinkView;
import latchkey.domain.upstream.UpstreamSessionRepository.Completed;

/// Somebody who came back from a provider, and was not yet let in.
record Arrival(Underway underway, ProviderConfig provider, Completed completed) {
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
