package latchkey.endpoint.login;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;
import org.jspecify.annotations.Nullable;

/// What the sign-in page can look like.
public final class LoginSamples implements PageSamples {
  @Override
  public List<Sample> in(Frame frame) {
    var element = new LoginPage.Asker("Element", "E", "app.example.org");
    return List.of(
        new Sample("first", page(frame, null, "", LoginErrors.none())),
        new Sample("for-a-client", page(frame, element, "alice", LoginErrors.none())),
        new Sample("wrong", page(frame, element, "alice", LoginErrors.wrongCredentials())),
        new Sample(
            "too-often",
            page(frame, element, "alice", LoginErrors.tooMany(Duration.ofSeconds(42)))),
        new Sample(
            "much-too-often",
            page(frame, null, "alice", LoginErrors.tooMany(Duration.ofMinutes(12)))),
        new Sample("empty", page(frame, null, "", LoginErrors.missing(true, true))),
        new Sample("no-password", page(frame, null, "alice", LoginErrors.missing(false, true))),
        new Sample("no-username", page(frame, null, "", LoginErrors.missing(true, false))),
        new Sample("impossible", page(frame, false, null, false, false, "", LoginErrors.none())),
        new Sample("again", page(frame, true, element, true, false, "alice", LoginErrors.none())),
        new Sample("again-here", page(frame, true, null, true, false, "alice", LoginErrors.none())),
        new Sample("create", page(frame, true, element, false, true, "", LoginErrors.none())));
  }

  private static LoginPage page(
      Frame frame, LoginPage.@Nullable Asker asker, String username, LoginErrors errors) {
    return page(frame, true, asker, false, false, username, errors);
  }

  private static LoginPage page(
      Frame frame,
      boolean passwords,
      LoginPage.@Nullable Asker asker,
      boolean confirm,
      boolean create,
      String username,
      LoginErrors errors) {
    return new LoginPage(
        frame,
        "example.com",
        "csrf",
        "login",
        Map.of("kind", "continue_authorization_grant", "id", "01KB0000000000000000000002"),
        passwords,
        asker,
        confirm,
        create,
        username,
        errors);
  }
}
