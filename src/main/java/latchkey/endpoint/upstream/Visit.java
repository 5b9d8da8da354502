package latchkey.endpoint.upstream;

import java.util.List;
import java.util.Optional;
import latchkey.base.web.HeldSession;
import latchkey.base.web.Requester;
import latchkey.base.web.Underway;

/// Who comes, as far as the request shows it.
///
/// @param cookie the browser session it says it has
/// @param trips the trips to providers it is on
record Visit(Optional<HeldSession> cookie, List<Underway> trips, Requester requester, String csrf) {
  @Override
  public String toString() {
    return "Visit";
  }
}
