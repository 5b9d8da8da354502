package latchkey.endpoint.matrix;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;
import latchkey.domain.session.SessionSamples;
import org.jspecify.annotations.Nullable;

/// What the pages of this room can look like.
public final class MatrixSamples implements PageSamples {
  private static final String SERVER = "example.com";
  private static final String ALICE = "@alice:example.com";
  private static final String LOGIN = "01KB0000000000000000000002";
  private static final String USER = "01KB0000000000000000000003";

  @Override
  public List<Sample> in(Frame frame) {
    return List.of(
        new Sample("asks", asks(frame, "app.example.org", "A", "Alice")),
        new Sample("asks-for-a-program", asks(frame, "element:", "E", null)),
        new Sample("refused", refused(frame, 0)),
        new Sample("too-many", refused(frame, 1)),
        new Sample("over", new CompatSsoOverPage(frame)));
  }

  private static CompatSsoPage asks(
      Frame frame, String app, String initial, @Nullable String name) {
    return new CompatSsoPage(frame, "csrf", LOGIN, SERVER, app, initial, name, ALICE, USER);
  }

  private static CompatSsoRefusalPage refused(Frame frame, long devices) {
    var reasons =
        List.of(devices > 0 ? "too many sessions" : "only members of staff may use old apps");
    return new CompatSsoRefusalPage(
        frame,
        "csrf",
        LOGIN,
        SERVER,
        "app.example.org",
        ALICE,
        devices,
        SessionSamples.apps(),
        "account/sessions/choose",
        reasons);
  }
}
