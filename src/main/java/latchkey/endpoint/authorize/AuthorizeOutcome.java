package latchkey.endpoint.authorize;

import java.util.UUID;
import latchkey.base.oauth.AuthorizationResponse;

/// How an authorization request ended. Sending the browser back to a client with an error is an
/// outcome, not an exception: the request was answered.
sealed interface AuthorizeOutcome {
  /// A grant waits for its user.
  ///
  /// @param silent whether the answer must come without a page
  /// @param register whether the client wants a new account, and there is a way to one
  record Started(UUID grant, boolean silent, boolean register) implements AuthorizeOutcome {}

  /// Back to the client, with an error.
  record SendBack(AuthorizationResponse response) implements AuthorizeOutcome {}
}
