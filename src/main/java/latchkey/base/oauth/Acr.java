package latchkey.base.oauth;

import java.util.List;
import java.util.Optional;

/// How well a person has proved who they are: the values of `acr` (OpenID Connect Core §2).
public final class Acr {
  /// A password over a protected connection; the name SAML gave it, which clients know.
  public static final String PASSWORD =
      "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

  public static final List<String> ALL = List.of(PASSWORD);

  private Acr() {}

  /// What a sign-in by these methods (RFC 8176) amounts to; empty if there is no word for it.
  public static Optional<String> of(List<String> amr) {
    return amr.contains("pwd") ? Optional.of(PASSWORD) : Optional.empty();
  }
}
