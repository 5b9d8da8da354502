package latchkey.base.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;

/// What errors and unusable accounts can look like.
public final class ErrorSamples implements PageSamples {
  private static final String ALICE = "@alice:example.com";

  @Override
  public List<Sample> in(Frame frame) {
    var samples = new ArrayList<Sample>();
    for (var status : ErrorPages.STATUSES) {
      samples.add(
          new Sample(
              Integer.toString(status), ErrorPages.page(frame, status, null, true, "GET-17")));
    }
    var next = Map.of("kind", "continue_authorization_grant", "id", "01KB0000000000000000000002");
    samples.add(new Sample("locked", AccountStatePage.locked(frame, ALICE, "csrf", next)));
    samples.add(
        new Sample("deactivated", AccountStatePage.deactivated(frame, ALICE, "csrf", Map.of())));
    samples.add(new Sample("ended", AccountStatePage.ended(frame, "csrf", Map.of())));
    var answer = Map.of("state", "state", "code", "code");
    samples.add(
        new Sample(
            "posted",
            new CallbackPage(frame, "app.example.org", "https://app.example.org/", answer)));
    return samples;
  }
}
