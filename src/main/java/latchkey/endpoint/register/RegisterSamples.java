package latchkey.endpoint.register;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;
import latchkey.domain.upstream.ProviderButton;

/// What the page of this room can look like.
public final class RegisterSamples implements PageSamples {
  @Override
  public List<Sample> in(Frame frame) {
    var providers =
        List.of(
            new ProviderButton("Our people", "O", null, "upstream/authorize/1", false),
            new ProviderButton("GitLab", "G", "gitlab", "upstream/authorize/2", true));
    return List.of(
        new Sample(
            "for-a-client", new RegisterPage(frame, "example.com", "Element", providers, "login")),
        new Sample(
            "one", new RegisterPage(frame, "example.com", null, providers.subList(0, 1), "login")));
  }
}
