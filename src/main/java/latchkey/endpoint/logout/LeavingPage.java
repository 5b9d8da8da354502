package latchkey.endpoint.logout;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// Signed out here, and on the way to sign out at the provider.
///
/// @param target where that is done
record LeavingPage(Frame frame, String providerName, String target) implements Page {
  @Override
  public String toString() {
    return "LeavingPage[…]";
  }
}
