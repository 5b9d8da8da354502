package latchkey.world;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A house whose people come from elsewhere too: from one of four [FakeUpstream]s.
public final class UpstreamHouse extends House {
  private static @Nullable List<FakeUpstream> providers;

  /// "People": discovery, userinfo is not asked, everything is suggested, who signs out there is
  /// signed out here, and it is told who signed out here a moment ago (`just_left`).
  public static FakeUpstream people() {
    return provider(0);
  }

  /// "Posting": answers by form_post, the client proves itself by `client_secret_post`, userinfo is
  /// fetched, and the localpart is required.
  public static FakeUpstream posting() {
    return provider(1);
  }

  /// "Bare": no discovery, no ID tokens, no issuer, always PKCE; subject is the number `id` of
  /// userinfo. Its manners are those of GitHub once [FakeUpstream#hasGitHubManners] was called.
  public static FakeUpstream bare() {
    return provider(2);
  }

  /// "Staff": nobody is asked anything, and no PKCE; who has the name of somebody who is there
  /// becomes them.
  public static FakeUpstream staff() {
    return provider(3);
  }

  /// As they were at first, by this clock.
  public static void reset(MovableClock clock) {
    for (var provider : Objects.requireNonNull(providers)) {
      provider.reset();
      provider.liveBy(clock);
    }
    posting().demand("client_secret_post");
    bare().hasNoIdTokens();
  }

  private static FakeUpstream provider(int number) {
    return Objects.requireNonNull(providers).get(number);
  }

  @Override
  public Map<String, String> start() {
    providers =
        Stream.of("A", "B", "C", "D")
            .map(last -> new FakeUpstream("01KB00000000000000000PR0V" + last))
            .toList();
    return super.start();
  }

  @Override
  String tuning() {
    return "upstream_oauth2:\n  providers:\n"
        + Stream.of(
                people()
                    .yaml(
                        """
                        human_name: People
                        scope: openid profile email
                        additional_authorization_parameters:
                          just_left: "{% if logged_out %}true{% endif %}"
                        on_backchannel_logout: logout_all
                        claims_imports:
                          localpart: {action: suggest}
                          displayname: {action: suggest}
                          email: {action: suggest}
                          account_name: {template: "{{ user.preferred_username }}"}
                        """),
                posting()
                    .yaml(
                        """
                        human_name: Posting
                        token_endpoint_auth_method: client_secret_post
                        response_mode: form_post
                        fetch_userinfo: true
                        on_backchannel_logout: logout_browser_only
                        claims_imports:
                          localpart: {action: require}
                          displayname: {action: force}
                          email: {action: force}
                        """),
                bare()
                    .yaml(
                        """
                        human_name: Bare
                        brand_name: github
                        discovery_mode: disabled
                        pkce_method: always
                        fetch_userinfo: true
                        scope: read:user
                        authorization_endpoint: %s
                        token_endpoint: %s
                        userinfo_endpoint: %s
                        claims_imports:
                          subject: {template: "{{ userinfo_claims.id }}"}
                          localpart: {action: suggest, template: "{{ userinfo_claims.login }}"}
                        """
                            .formatted(
                                bare().url(FakeUpstream.Endpoint.AUTHORIZE),
                                bare().url(FakeUpstream.Endpoint.TOKEN),
                                bare().url(FakeUpstream.Endpoint.USERINFO)))
                    .replaceAll("(?m)^ *issuer: .*\n", ""),
                staff()
                    .yaml(
                        """
                        human_name: Staff
                        pkce_method: never
                        claims_imports:
                          skip_confirmation: true
                          localpart: {action: require, on_conflict: add}
                          displayname: {action: force}
                          email: {action: force}
                        """))
            .map(entry -> entry.indent(4))
            .reduce("", String::concat);
  }

  @Override
  public void stop() {
    Objects.requireNonNull(providers).forEach(FakeUpstream::close);
    super.stop();
  }
}
