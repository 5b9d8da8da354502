package latchkey.domain.grant;

import java.time.Instant;
import java.util.UUID;

/// How far a grant has come. Which stage may follow which, only the repository's conditional
/// updates decide.
public sealed interface Stage {
  /// Waiting for its user.
  record Pending() implements Stage {}

  /// The user said no.
  record Cancelled() implements Stage {}

  /// The user said yes and the client has its code.
  record Fulfilled(UUID browserSession, Instant at) implements Stage {}

  /// Somebody is exchanging the code, until the deadline at the latest.
  record Exchanging(UUID browserSession, Instant deadline) implements Stage {}

  /// The code was exchanged for the tokens of a session.
  record Exchanged(UUID session, Instant at) implements Stage {}
}
