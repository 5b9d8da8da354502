package latchkey.domain.client;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.ClientForm;
import org.jspecify.annotations.Nullable;

/// What a request carries to prove its client (RFC 6749 §2.3.1), exactly one way of it.
///
/// @param raw with HTTP Basic, the secret as it stands before form-decoding: clients that forget to
///   encode are understood too
/// @param assertion with the methods that end in `_jwt`
public record ClientCredentials(
    String clientId,
    String method,
    Optional<Secret> secret,
    Optional<Secret> raw,
    Optional<ClientAssertion> assertion) {

  /// Reads the credentials; none at all is empty.
  ///
  /// @param authorization the header, if there is one
  public static Optional<ClientCredentials> read(@Nullable String authorization, ClientForm form) {
    var clientId = form.clientId();
    var clientSecret = form.clientSecret();
    if (form.assertion().isPresent() || form.assertionType().isPresent()) {
      if (authorization != null || clientSecret.isPresent()) {
        throw ambiguous();
      }
      return Optional.of(asserted(form));
    }
    if (authorization != null) {
      var basic = basic(authorization);
      if (clientSecret.isPresent()
          || (clientId.isPresent() && !clientId.get().equals(basic.clientId()))) {
        throw ambiguous();
      }
      return Optional.of(basic);
    }
    return clientId.map(
        id ->
            new ClientCredentials(
                id,
                clientSecret.isPresent() ? AuthMethod.POST : AuthMethod.NONE,
                clientSecret.map(Secret::of),
                Optional.empty(),
                Optional.empty()));
  }

  // RFC 7521 §4.2
  private static ClientCredentials asserted(ClientForm form) {
    var assertion = form.assertion().flatMap(ClientAssertion::parse);
    if (assertion.isEmpty() || !form.assertionType().equals(Optional.of(ClientAssertion.TYPE))) {
      throw OAuthProblem.of(
          OAuthError.INVALID_REQUEST, "The client assertion cannot be understood.");
    }
    var subject = assertion.get().subject();
    if (form.clientId().isPresent() && !form.clientId().get().equals(subject)) {
      throw ambiguous();
    }
    return new ClientCredentials(
        subject, assertion.get().method(), Optional.empty(), Optional.empty(), assertion);
  }

  /// Whether there is more than a name to them.
  public boolean areProof() {
    return secret.isPresent() || assertion.isPresent();
  }

  private static ClientCredentials basic(String authorization) {
    int space = authorization.indexOf(' ');
    var scheme = space < 0 ? authorization : authorization.substring(0, space);
    if (scheme.toLowerCase(Locale.ROOT).equals("bearer")) {
      throw OAuthProblem.of(
          OAuthError.INVALID_CLIENT, "A bearer token does not identify a client.");
    }
    if (!scheme.toLowerCase(Locale.ROOT).equals("basic")) {
      throw malformed();
    }
    try {
      var decoded = Base64.getDecoder().decode(authorization.substring(space + 1).strip());
      var text = new String(decoded, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      if (colon < 0 || text.indexOf('\0') >= 0) {
        throw malformed();
      }
      var raw = text.substring(colon + 1);
      return new ClientCredentials(
          formDecoded(text.substring(0, colon)),
          AuthMethod.BASIC,
          Optional.of(Secret.of(formDecoded(raw))),
          Optional.of(Secret.of(raw)),
          Optional.empty());
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static String formDecoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static OAuthProblem malformed() {
    return OAuthProblem.of(
        OAuthError.INVALID_REQUEST, "The Authorization header cannot be understood.");
  }

  private static OAuthProblem ambiguous() {
    return OAuthProblem.of(OAuthError.INVALID_REQUEST, "The client is named in more than one way.");
  }
}
