package latchkey.base.web;

import java.util.Optional;

/// The members of a form by which a client proves itself (RFC 6749 §2.3.1, RFC 7521 §4.2).
public record ClientForm(
    Optional<String> clientId, Optional<String> clientSecret, boolean hasAssertion) {
  public static ClientForm read(Parameters form) {
    return new ClientForm(
        form.find("client_id"),
        form.find("client_secret"),
        form.find("client_assertion").isPresent()
            || form.find("client_assertion_type").isPresent());
  }

  @Override
  public String toString() {
    return "ClientForm[" + clientId + "]";
  }
}
