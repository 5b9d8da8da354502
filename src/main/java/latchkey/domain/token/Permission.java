package latchkey.domain.token;

import java.util.List;
import latchkey.domain.policy.Violation;
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

  /// What these objections come to.
  static Permission by(List<Violation> violations) {
    if (violations.isEmpty()) {
      return new Granted();
    }
    var reasons = String.join("; ", violations.stream().map(Violation::message).toList());
    return violations.stream().anyMatch(Violation::isFinal)
        ? new NoLonger(reasons)
        : new NotNow(reasons);
  }

  /// Asked before anything changes.
  interface Check {
    Permission of(SessionSnapshot session);
  }
}
