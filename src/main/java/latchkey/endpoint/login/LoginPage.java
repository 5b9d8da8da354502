package latchkey.endpoint.login;

import java.util.List;
import java.util.Map;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.upstream.ProviderButton;
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
/// @param providers the other ways to sign in
/// @param linking the provider that waits to be linked to the account somebody signs in to
/// @param addressFirst whether only the address is asked, which may say which provider is meant
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
    List<ProviderButton> providers,
    @Nullable String linking,
    boolean addressFirst,
    String username,
    LoginErrors errors)
    implements Page {
  LoginPage {
    providers = List.copyOf(providers);
  }

  /// Whether there is a form.
  public boolean form() {
    return passwords || addressFirst;
  }

  /// One way, and no other, is the thing to do on the page.
  public String providerStyle() {
    return !form() && providers.size() == 1 ? "primary" : "secondary";
  }

  /// Whether somebody without an account gets none here.
  public boolean noRegistration() {
    return create && providers.isEmpty();
  }

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
