package latchkey.endpoint.login;

import java.util.List;
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
        new Sample("empty", page(frame, null, "", LoginErrors.missing(true, true))),
        new Sample("no-password", page(frame, null, "alice", LoginErrors.missing(false, true))),
        new Sample("no-username", page(frame, null, "", LoginErrors.missing(true, false))),
        new Sample(
            "impossible",
            new LoginPage(frame, "example.com", "csrf", false, null, "", LoginErrors.none())));
  }

  private static LoginPage page(
      Frame frame, LoginPage.@Nullable Asker asker, String username, LoginErrors errors) {
    return new LoginPage(frame, "example.com", "csrf", true, asker, username, errors);
  }
}
