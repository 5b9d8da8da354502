package latchkey.endpoint.account;

import java.util.List;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;
import latchkey.domain.session.SeenSession;
import latchkey.domain.session.SessionSamples;
import org.jspecify.annotations.Nullable;

/// What the account pages can look like.
public final class AccountSamples implements PageSamples {
  private static final String ALICE = "@alice:example.com";
  private static final String SERVER = "example.com";

  @Override
  public List<Sample> in(Frame frame) {
    return List.of(
        new Sample("signed-in", new AccountPage(frame, SERVER, "csrf", ALICE, "Alice", 4, 1)),
        new Sample("password", new AccountPasswordPage(frame, SERVER, ALICE)),
        new Sample("nothing-yet", sessions(frame, List.of(), null, null, 0, false)),
        new Sample(
            "several",
            sessions(
                frame,
                SessionSamples.apps(),
                "01KB0000000000000000000002",
                new AccountSessionsPage.Limit(3, 20, false),
                1,
                true)),
        new Sample(
            "near-the-limit",
            sessions(
                frame,
                SessionSamples.apps(),
                null,
                new AccountSessionsPage.Limit(4, 4, true),
                0,
                true)),
        new Sample("app", session(frame, SessionSamples.app())),
        new Sample("older-app", session(frame, SessionSamples.longNames())),
        new Sample("browser", session(frame, SessionSamples.browser(false))),
        new Sample("this-browser", session(frame, SessionSamples.browser(true))),
        new Sample("others", new EndOthersPage(frame, "csrf", ALICE, 4, 2)),
        new Sample("no-others", new EndOthersPage(frame, "csrf", ALICE, 0, 0)));
  }

  private static AccountSessionsPage sessions(
      Frame frame,
      List<SeenSession> apps,
      @Nullable String older,
      AccountSessionsPage.@Nullable Limit limit,
      long ended,
      boolean others) {
    return new AccountSessionsPage(
        frame, ALICE, apps, older, List.of(SessionSamples.browser(true)), limit, ended, others);
  }

  private static AccountSessionPage session(Frame frame, SeenSession session) {
    return new AccountSessionPage(frame, "csrf", session);
  }
}
