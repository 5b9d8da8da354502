package latchkey.endpoint.login;

import io.quarkus.qute.TemplateInstance;
import latchkey.base.web.Frame;
import org.jspecify.annotations.Nullable;

/// The sign-in page.
///
/// @param asker the client that is waiting, if there is one
/// @param passwords whether password login is on
/// @param username what was typed before
record LoginPage(
    Frame frame,
    String serverName,
    String csrf,
    boolean passwords,
    @Nullable Asker asker,
    String username,
    @Nullable LoginError error)
    implements TemplateInstance {
  /// @param initial the first letter of its name
  record Asker(String name, String initial, @Nullable String host) {}

  /// @param kind for tests and styling
  record LoginError(String kind, String text) {
    static LoginError wrongCredentials() {
      return new LoginError(
          "invalid_credentials",
          "This username and password do not belong together. Check both, and Caps Lock.");
    }

    static LoginError incomplete() {
      return new LoginError("required", "Fill in your username and your password.");
    }
  }
}
