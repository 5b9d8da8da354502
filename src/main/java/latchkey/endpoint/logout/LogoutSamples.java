package latchkey.endpoint.logout;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;

/// What somebody sees on the way out.
public final class LogoutSamples implements PageSamples {
  @Override
  public List<Sample> in(Frame frame) {
    return List.of(
        new Sample(
            "leaving", new LeavingPage(frame, "Keycloak", "https://sso.example.com/logout")));
  }
}
