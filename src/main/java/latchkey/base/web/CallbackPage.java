package latchkey.base.web;

import java.util.Map;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// A form with the answer for a client, which sends itself where scripts run and by a button where
/// they do not (OAuth 2.0 Form Post Response Mode §2).
///
/// @param host whom it is for
record CallbackPage(Frame frame, String host, String action, Map<String, String> fields)
    implements Page {
  @Override
  public String toString() {
    return "CallbackPage[" + action + "]";
  }
}
