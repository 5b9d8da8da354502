package latchkey.endpoint.upstream;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import latchkey.base.language.Message;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;
import latchkey.domain.policy.Violation;
import latchkey.domain.upstream.ProviderMark;
import org.jspecify.annotations.Nullable;

/// What the pages of this room can look like.
public final class UpstreamSamples implements PageSamples {
  private static final String SERVER = "example.com";
  private static final String PEOPLE = "Our people";
  private static final String LINK = "01KB0000000000000000000004";
  private static final ProviderMark MARK = new ProviderMark("google", "O");

  @Override
  public List<Sample> in(Frame frame) {
    return Stream.of(registrations(frame), problems(frame), rest(frame))
        .flatMap(List::stream)
        .toList();
  }

  private static List<Sample> registrations(Frame frame) {
    var suggested = new Offer("alice", false, "alice@people.example", false, "Alice", false);
    var fixed = new Offer("alice", true, "alice@people.example", true, "Alice <3", true);
    var open = new Offer("", false, null, false, null, false);
    var wrong =
        RegisterErrors.NONE
            .withForm(RegisterErrors.policy(violation("email-banned")))
            .withUsername(RegisterErrors.usernameExists())
            .withDisplayName(RegisterErrors.displayNameTooLong())
            .withTerms(RegisterErrors.required("latchkey.register.terms_missing"));
    var badName =
        RegisterErrors.NONE.withUsername(
            RegisterErrors.policy(violation("username-invalid-chars")));
    return List.of(
        new Sample("suggested", register(frame, suggested, RegisterErrors.NONE)),
        new Sample("fixed", register(frame, fixed, RegisterErrors.NONE)),
        new Sample("open", register(frame, open, RegisterErrors.NONE)),
        new Sample("wrong", register(frame, open, wrong)),
        new Sample("bad-name", register(frame, suggested, badName)),
        new Sample(
            "address-in-use",
            register(
                frame, suggested, RegisterErrors.NONE.withEmail(RegisterErrors.emailInUse()))));
  }

  private static Violation violation(String code) {
    return new Violation("no", code, null, null, false, null);
  }

  private static UpstreamRegisterPage register(Frame frame, Offer offer, RegisterErrors errors) {
    return new UpstreamRegisterPage(
        frame,
        "csrf",
        SERVER,
        LINK,
        PEOPLE,
        MARK,
        offer.email(),
        Message.of("latchkey.register.heading.with").with("provider", PEOPLE),
        offer,
        RegisterForm.of(offer),
        errors,
        "login");
  }

  private static List<Sample> problems(Frame frame) {
    return Stream.concat(
            Stream.of(
                problem(
                    frame,
                    "declined",
                    "latchkey.upstream.declined.heading",
                    "latchkey.upstream.declined.text",
                    "access_denied: ask your <b>administrator</b>"),
                problem(
                    frame,
                    "stale",
                    "latchkey.upstream.stale.heading",
                    "latchkey.upstream.stale.text",
                    null),
                problem(
                    frame,
                    "unreachable",
                    "latchkey.upstream.unreachable.heading",
                    "latchkey.upstream.unreachable.text",
                    null)),
            Stream.of(DraftAccount.Reason.values())
                .map(
                    reason ->
                        new Sample(
                            reason.name().toLowerCase(Locale.ROOT),
                            new UpstreamProblemPage(
                                frame,
                                SERVER,
                                reason.code(),
                                about(reason.heading()),
                                about(reason.text()),
                                reason == DraftAccount.Reason.POLICY ? "not here" : null,
                                new Contact("", ""),
                                "login",
                                Message.of("latchkey.upstream.sign_in_to_link"),
                                null,
                                null))))
        .toList();
  }

  private static Sample problem(
      Frame frame, String code, String heading, String text, @Nullable String words) {
    return new Sample(
        code,
        new UpstreamProblemPage(
            frame,
            SERVER,
            code,
            about(Message.of(heading)),
            about(Message.of(text)),
            words,
            new Contact("help@example.com", "mailto:help@example.com"),
            "login",
            Message.of("latchkey.action.try_again"),
            "login",
            "GET-71"));
  }

  private static Message about(Message message) {
    return message.with("provider", PEOPLE).with("name", "alice");
  }

  private static List<Sample> rest(Frame frame) {
    var fields = Map.of("code", "code", "state", "state");
    return List.of(
        new Sample("link", link(frame, false)),
        new Sample("taken", link(frame, true)),
        new Sample("repost", new UpstreamRepostPage(frame, PEOPLE, "upstream/callback/1", fields)));
  }

  private static UpstreamLinkPage link(Frame frame, boolean taken) {
    return new UpstreamLinkPage(
        frame,
        "csrf",
        LINK,
        PEOPLE,
        MARK,
        "alice@people.example",
        "@alice:example.com",
        taken,
        "account/",
        Map.of("kind", "link_upstream", "id", LINK));
  }
}
