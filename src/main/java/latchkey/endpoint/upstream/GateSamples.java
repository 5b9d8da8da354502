package latchkey.endpoint.upstream;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.Page;
import latchkey.base.web.page.PageSamples;

/// What the page of the gate can look like.
public final class GateSamples implements PageSamples {
  @Override
  public List<Sample> in(Frame frame) {
    return List.of(
        new Sample("nobody-to-ask", page(frame, "")),
        new Sample("address", page(frame, "help@example.com")),
        new Sample("link", page(frame, "https://example.com/help")),
        new Sample("words", page(frame, "the help desk, extension 42")));
  }

  private static Page page(Frame frame, String contact) {
    return new GateRefusalPage(
        frame,
        "example.com",
        "Keycloak",
        List.of("you are in none of the groups that may use this server"),
        contact,
        "login");
  }
}
