package latchkey.endpoint.login;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import latchkey.base.web.page.Frame;
import latchkey.base.web.page.PageSamples;
import latchkey.domain.upstream.ProviderButton;
import latchkey.domain.upstream.ProviderMark;
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
        new Sample("create", page(frame, true, element, false, true, "", LoginErrors.none())),
        new Sample("providers", with(frame, true, element, false, PROVIDERS, null, false)),
        new Sample(
            "one-provider", with(frame, false, null, false, PROVIDERS.subList(0, 1), null, false)),
        new Sample("only-providers", with(frame, false, element, false, PROVIDERS, null, false)),
        new Sample("link", with(frame, true, null, false, List.of(), "Our <people>", false)),
        new Sample(
            "again-elsewhere",
            with(frame, false, element, true, PROVIDERS.subList(0, 1), null, false)),
        new Sample("address-first", with(frame, true, element, false, PROVIDERS, null, true)),
        new Sample("address-only", with(frame, false, null, false, PROVIDERS, null, true)),
        new Sample("brands", with(frame, false, null, false, brands(), null, false)),
        new Sample(
            "leaving",
            new ToProviderPage(
                frame, "Our people", ProviderMark.of("Our people"), "upstream/authorize/1")));
  }

  private static final List<ProviderButton> PROVIDERS =
      List.of(
          new ProviderButton("Our people", "O", null, "upstream/authorize/1", false),
          new ProviderButton("GitHub", "G", "github", "upstream/authorize/2", true),
          new ProviderButton(
              "sign-in.a-rather-long-name-of-a-department.university.example",
              "S",
              null,
              "upstream/authorize/3",
              false));

  /// Each that has a picture, and one that has none.
  private static List<ProviderButton> brands() {
    return Stream.of(
            "Apple",
            "Discord",
            "Facebook",
            "GitHub",
            "GitLab",
            "Google",
            "Keycloak",
            "Microsoft",
            "Twitter",
            "Acme")
        .map(
            name ->
                new ProviderButton(
                    name,
                    name.substring(0, 1),
                    name.toLowerCase(Locale.ROOT),
                    "upstream/authorize/" + name.toLowerCase(Locale.ROOT),
                    false))
        .toList();
  }

  private static LoginPage with(
      Frame frame,
      boolean passwords,
      LoginPage.@Nullable Asker asker,
      boolean confirm,
      List<ProviderButton> providers,
      @Nullable String linking,
      boolean addressFirst) {
    return new LoginPage(
        frame,
        "example.com",
        "csrf",
        "login",
        Map.of("kind", "continue_authorization_grant", "id", "01KB0000000000000000000002"),
        passwords,
        asker,
        confirm,
        false,
        providers,
        linking,
        addressFirst,
        "",
        LoginErrors.none());
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
        List.of(),
        null,
        false,
        username,
        errors);
  }
}
