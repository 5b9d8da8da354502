package latchkey.endpoint.account;

import java.util.List;
import java.util.stream.Stream;
import latchkey.base.crypto.Secret;
import latchkey.base.language.Message;
import latchkey.base.web.FieldError;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;
import latchkey.domain.session.SeenSession;
import latchkey.domain.session.SessionSamples;
import latchkey.domain.upstream.ProviderButton;
import latchkey.domain.upstream.ProviderMark;
import org.jspecify.annotations.Nullable;

/// What the account pages can look like.
public final class AccountSamples implements PageSamples {
  private static final String ALICE = "@alice:example.com";
  private static final String SERVER = "example.com";

  @Override
  public List<Sample> in(Frame frame) {
    return Stream.concat(account(frame).stream(), appPasswords(frame).stream()).toList();
  }

  private static final List<SeenWay> WAYS =
      List.of(
          seen("1", "Our people", null, "alice@people.example", true),
          seen("2", "GitLab", "gitlab", "alice", true),
          seen("3", "sso.old.example", null, null, false));

  private static SeenWay seen(
      String id,
      String provider,
      @Nullable String brand,
      @Nullable String accountName,
      boolean usable) {
    var mark = new ProviderMark(brand, ProviderMark.of(provider).initial());
    return new SeenWay(id, provider, mark, accountName, "1 November 2026", usable);
  }

  private static WaysPage ways(Frame frame, boolean linked) {
    return new WaysPage(
        frame,
        ALICE,
        linked,
        linked ? WAYS : List.of(),
        List.of(new ProviderButton("GitHub", "G", "github", "upstream/authorize/2", false)),
        linked);
  }

  private static List<Sample> account(Frame frame) {
    return List.of(
        new Sample("signed-in", new AccountPage(frame, SERVER, "csrf", ALICE, "Alice", 4, 1, 2, 1)),
        new Sample(
            "without-passwords",
            new AccountPage(frame, SERVER, "csrf", ALICE, null, 0, 1, null, null)),
        new Sample("ways", ways(frame, true)),
        new Sample("no-ways", ways(frame, false)),
        new Sample("unlink", new WayPage(frame, "csrf", ALICE, WAYS.get(1), false)),
        new Sample("the-last-way", new WayPage(frame, "csrf", ALICE, WAYS.getLast(), true)),
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
        new Sample(
            "older-browsers",
            new AccountSessionsPage(
                frame,
                ALICE,
                null,
                null,
                List.of(SessionSamples.browser(false)),
                "01KB0000000000000000000009",
                null,
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
        frame,
        ALICE,
        apps,
        older,
        List.of(SessionSamples.browser(true)),
        null,
        limit,
        ended,
        others);
  }

  private static List<Sample> appPasswords(Frame frame) {
    var name = Message.of("latchkey.app_passwords.name_missing");
    var many = Message.of("latchkey.app_passwords.too_many");
    return List.of(
        new Sample("no-app-passwords", new AppPasswordsPage(frame, SERVER, List.of(), true, false)),
        new Sample(
            "app-passwords",
            new AppPasswordsPage(
                frame, SERVER, List.of(password(null), old(), unused()), true, true)),
        new Sample("new", new NewAppPasswordPage(frame, "csrf", "", "", null, null)),
        new Sample(
            "no-name",
            new NewAppPasswordPage(frame, "csrf", "", "90", FieldError.of("required", name), null)),
        new Sample(
            "too-many",
            new NewAppPasswordPage(
                frame, "csrf", "Nio", "365", null, FieldError.of("too_many", many))),
        new Sample(
            "made",
            new AppPasswordMadePage(
                frame,
                SERVER,
                ALICE,
                password("Feb 24, 2027, 10:47 AM UTC"),
                Secret.of("7k2m-9xqd-4t0w-ezh5-3vbn-81rc-p6ys"))),
        new Sample("revoke", new AppPasswordPage(frame, "csrf", password(null), 2)),
        new Sample("revoke-unused", new AppPasswordPage(frame, "csrf", unused(), 0)),
        new Sample("revoke-expired", new AppPasswordPage(frame, "csrf", old(), 0)));
  }

  private static SeenAppPassword password(@Nullable String expires) {
    return new SeenAppPassword(
        "01KB0000000000000000000008",
        "Thunderbird on the old laptop",
        "Nov 26, 2026, 10:47 AM UTC",
        expires,
        false,
        "Nov 26, 2026, 10:50 AM UTC",
        "2001:db8:1234:5678:9abc:def0:1234:5678",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0",
        false);
  }

  private static SeenAppPassword old() {
    return new SeenAppPassword(
        "01KB0000000000000000000009",
        "a_name_without_any_blank_that_is_as_long_as_a_name_may_ever_be_00",
        "Nov 26, 2025, 10:47 AM UTC",
        "Nov 20, 2026, 10:47 AM UTC",
        true,
        "Mar 26, 2026, 10:50 AM UTC",
        null,
        null,
        true);
  }

  private static SeenAppPassword unused() {
    return new SeenAppPassword(
        "01KB000000000000000000000A",
        "Nio",
        "Nov 26, 2026, 10:47 AM UTC",
        "Feb 24, 2027, 10:47 AM UTC",
        false,
        null,
        null,
        null,
        false);
  }

  private static AccountSessionPage session(Frame frame, SeenSession session) {
    return new AccountSessionPage(frame, "csrf", session);
  }
}
