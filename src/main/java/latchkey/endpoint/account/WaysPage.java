package latchkey.endpoint.account;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.upstream.ProviderButton;

/// How the person can sign in.
///
/// @param password whether by password too
/// @param more providers that could be linked
/// @param unlinked whether one was let go a moment ago
record WaysPage(
    Frame frame,
    String matrixId,
    boolean password,
    List<SeenWay> ways,
    List<ProviderButton> more,
    boolean unlinked)
    implements Page {
  WaysPage {
    ways = List.copyOf(ways);
    more = List.copyOf(more);
  }
}
