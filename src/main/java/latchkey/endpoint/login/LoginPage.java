package latchkey.endpoint.login;

import java.util.Map;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import org.jspecify.annotations.Nullable;

/// The sign-in page.
///
/// @param asker the client that is waiting, if there is one
/// @param confirm whether the client wants somebody who is signed in to prove it again
/// @param create whether the client wants a new account
/// @param action where the form goes, below the base; said in full, because text browsers leave the
///   query out when it is not
/// @param continuation what leads on from signing out, for who wants another account
/// @param passwords whether password login is on
/// @param username what was typed before
record LoginPage(
    Frame frame,
    String serverName,
    String csrf,
    String action,
    Map<String, String> continuation,
    boolean passwords,
    @Nullable Asker asker,
    boolean confirm,
    boolean create,
    String username,
    LoginErrors errors)
    implements Page {
  /// @param initial the first letter of its name
  record Asker(String name, String initial, @Nullable String host) {}

  /// The field in which typing goes on. With several to mend it is the list of them.
  public String focus() {
    if (errors.count() > 1) {
      return "errors";
    } else if (errors.username() != null || username.isEmpty()) {
      return "username";
    }
    return "password";
  }
}
