package latchkey.endpoint.authorize;

import latchkey.base.oauth.OAuthError;

/// What is wrong with a request, as the client that made it is told.
final class Fault extends Exception {
  private final OAuthError error;

  Fault(OAuthError error, String description) {
    super(description, null, false, false);
    this.error = error;
  }

  OAuthError error() {
    return error;
  }

  String description() {
    return String.valueOf(getMessage());
  }
}
