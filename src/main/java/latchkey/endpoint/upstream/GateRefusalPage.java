package latchkey.endpoint.upstream;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;

/// The rules do not admit whom a provider vouches for: why, and whom to ask.
///
/// @param reasons in the words of whoever wrote the rules
/// @param contact whom to ask: an e-mail address, a link, or words; empty if nobody said
/// @param again the sign-in page, below the base, for who wants to come another way
record GateRefusalPage(
    Frame frame,
    String serverName,
    String providerName,
    List<String> reasons,
    String contact,
    String again)
    implements Page {
  GateRefusalPage {
    reasons = List.copyOf(reasons);
  }

  /// Where a click on the contact leads; empty if it is only words.
  public String contactLink() {
    return Contact.link(contact);
  }
}
