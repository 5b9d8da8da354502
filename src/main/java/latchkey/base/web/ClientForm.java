package latchkey.base.web;

import java.util.Optional;

/// The members of a form by which a client proves itself (RFC 6749 §2.3.1, RFC 7521 §4.2).
public record ClientForm(
    Optional<String> clientId,
    Optional<String> clientSecret,
    Optional<String> assertionType,
    Optional<String> assertion) {
  public static ClientForm read(Parameters form) {
    return new ClientForm(
        form.find("client_id"),
        form.find("client_secret"),
        form.find("client_assertion_type"),
        form.find("client_assertion"));
  }

  @Override
  public String toString() {
    return "ClientForm[" + clientId + "]";
  }
}
