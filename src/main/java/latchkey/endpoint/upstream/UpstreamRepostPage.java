package latchkey.endpoint.upstream;

import java.util.Map;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// Sends a provider's form to us once more, from our own site, because only then the browser's
/// cookies come along. With scripts nobody sees it.
///
/// @param action where to, below the base
record UpstreamRepostPage(Frame frame, String provider, String action, Map<String, String> fields)
    implements Page {
  /// They hold a code.
  @Override
  public String toString() {
    return "UpstreamRepostPage";
  }
}
