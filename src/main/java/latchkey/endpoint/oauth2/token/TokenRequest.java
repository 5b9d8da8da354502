package latchkey.endpoint.oauth2.token;

import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.Parameters;

/// What is asked of the token endpoint, one case a grant type.
sealed interface TokenRequest {
  /// RFC 6749 §4.1.3
  record Code(Secret code, Optional<String> redirectUri, Optional<Secret> verifier)
      implements TokenRequest {}

  /// RFC 6749 §6
  record Refresh(Secret refreshToken) implements TokenRequest {}

  static TokenRequest read(Parameters form) {
    return switch (required(form, "grant_type")) {
      case "authorization_code" ->
          new Code(
              Secret.of(required(form, "code")),
              form.find("redirect_uri"),
              form.find("code_verifier").map(Secret::of));
      case "refresh_token" -> new Refresh(Secret.of(required(form, "refresh_token")));
      default ->
          throw OAuthProblem.of(
              OAuthError.UNSUPPORTED_GRANT_TYPE, "This grant type is not supported.");
    };
  }

  private static String required(Parameters form, String name) {
    return form.find(name)
        .orElseThrow(
            () ->
                OAuthProblem.of(
                    OAuthError.INVALID_REQUEST, "The parameter " + name + " is missing."));
  }
}
