package latchkey.domain.token;

import latchkey.domain.session.SessionSnapshot;

/// Whether a session may have new tokens, as the rules see it. A no is never the end of the
/// session.
public sealed interface Permission {
  record Granted() implements Permission {}

  /// The reason may pass: another address, another time, a right given back.
  record NotNow(String reason) implements Permission {}

  /// The session was allowed something that its user or client may no longer have; only a new grant
  /// helps.
  record NoLonger(String reason) implements Permission {}

  /// Asked before anything changes.
  interface Check {
    Permission of(SessionSnapshot session);
  }
}
