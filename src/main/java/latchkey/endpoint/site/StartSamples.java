package latchkey.endpoint.site;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;

/// What the start page can look like.
public final class StartSamples implements PageSamples {
  @Override
  public List<Sample> in(Frame frame) {
    var discovery = "https://auth.example.com/.well-known/openid-configuration";
    return List.of(
        new Sample("signed-out", new StartPage(frame, "example.com", "csrf", null, discovery)),
        new Sample(
            "signed-in",
            new StartPage(frame, "example.com", "csrf", "@alice:example.com", discovery)));
  }
}
