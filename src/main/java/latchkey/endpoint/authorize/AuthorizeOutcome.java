package latchkey.endpoint.authorize;

import java.util.UUID;

/// How an authorization request ended. Sending the browser back to a client with an error is an
/// outcome, not an exception: the request was answered.
sealed interface AuthorizeOutcome {
  /// A grant waits for its user.
  record Started(UUID grant) implements AuthorizeOutcome {}

  /// Back to the client, with an error.
  record SendBack(String location) implements AuthorizeOutcome {}
}
