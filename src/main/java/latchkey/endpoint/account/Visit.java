package latchkey.endpoint.account;

import java.util.Optional;
import latchkey.base.web.Csrf;
import latchkey.base.web.HeldSession;
import latchkey.base.web.Requester;

/// Who comes, as far as the request shows it.
///
/// @param cookie the browser session it says it has
record Visit(Optional<HeldSession> cookie, Requester requester, Csrf.Token token) {
  String csrf() {
    return token.field();
  }
}
