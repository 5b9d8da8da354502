package latchkey.endpoint.login;

import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.domain.upstream.ProviderMark;

/// On the way to the provider that an address belongs to. Browsers go there by themselves; not by a
/// redirect, because a form of ours may lead nowhere else (`form-action`).
///
/// @param target where that is, below the base
record ToProviderPage(Frame frame, String provider, ProviderMark mark, String target)
    implements Page {
  @Override
  public String toString() {
    return "ToProviderPage";
  }
}
