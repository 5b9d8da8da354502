package latchkey.endpoint.account;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;

/// What the account pages can look like.
public final class AccountSamples implements PageSamples {
  @Override
  public List<Sample> in(Frame frame) {
    return List.of(
        new Sample(
            "signed-in", new AccountPage(frame, "example.com", "csrf", "@alice:example.com")));
  }
}
