package latchkey.endpoint.account;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// Asks whether to sign out everything but this browser.
record EndOthersPage(Frame frame, String csrf, String matrixId, long apps, long browsers)
    implements Page {
  public boolean anything() {
    return apps + browsers > 0;
  }
}
