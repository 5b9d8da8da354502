package latchkey.endpoint.upstream;

import latchkey.base.web.Parameters;

/// The form of the page that asks about a new account (`pages.md` 5.6).
///
/// @param username and `displayName` as they were typed
record RegisterForm(
    String username,
    String displayName,
    boolean importEmail,
    boolean importDisplayName,
    boolean terms) {
  /// What is there before anybody has typed: everything that is offered is taken.
  static RegisterForm of(Offer offer) {
    return new RegisterForm(offer.username(), "", true, true, false);
  }

  static RegisterForm read(Parameters form) {
    return new RegisterForm(
        form.find("username").map(String::strip).orElse(""),
        form.find("display_name").map(String::strip).orElse(""),
        form.find("import_email").isPresent(),
        form.find("import_display_name").isPresent(),
        form.find("accept_terms").isPresent());
  }

  @Override
  public String toString() {
    return "RegisterForm[…]";
  }
}
