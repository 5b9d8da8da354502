package latchkey.world;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A house of an organisation: whoever comes in belongs to a group, accounts follow their provider,
/// and who is gone there is gone here within two minutes.
public class LeavingHouse extends House {
  private static @Nullable List<FakeUpstream> providers;

  /// "Office": groups decide who comes in, and who signs out there is signed out here.
  public static FakeUpstream office() {
    return provider(0);
  }

  /// "Branch": anybody comes in; who signs out there is signed out of the browser here.
  public static FakeUpstream branch() {
    return provider(1);
  }

  /// "Friends": anybody comes in, userinfo is asked for, and a sign-out there is nobody's business.
  public static FakeUpstream friends() {
    return provider(2);
  }

  /// What a provider says of somebody whose account here is to have this name, and who may come in.
  public static Map<String, Object> member(String username) {
    return Map.of(
        "preferred_username",
        username,
        "name",
        "Alice Smith",
        "email",
        username + "@people.example",
        "groups",
        List.of("matrix"));
  }

  /// As they were at first, by this clock.
  public static void reset(MovableClock clock) {
    for (var provider : Objects.requireNonNull(providers)) {
      provider.reset();
      provider.liveBy(clock);
    }
  }

  private static FakeUpstream provider(int number) {
    return Objects.requireNonNull(providers).get(number);
  }

  @Override
  public Map<String, String> start() {
    providers =
        Stream.of("E", "F", "G")
            .map(last -> new FakeUpstream("01KB00000000000000000PR0V" + last))
            .toList();
    return super.start();
  }

  @Override
  String tuning() {
    return """
    latchkey:
      contact: help@example.com
      upstream:
        resync: [displayname, email, groups]
        revalidate: {interval: 120, userinfo: true, on_gone: %s}
        logout: true
        domains: {office.example: %s}
    experimental: {access_token_ttl: 3600}
    policy:
      data:
        admin_users: [keeper]
        emails: {banned_addresses: {suffixes: ["@banned.example"]}}
        upstream:
          %s:
            allowed_groups: [matrix, admins]
            admin_groups: [admins]
            scopes: {"urn:example:reports": [auditors]}
    upstream_oauth2:
      providers:
    """
            .formatted(onGone(), office().id(), office().id())
        + Stream.of(
                entry(office(), "Office", "logout_all"),
                entry(branch(), "Branch", "logout_browser_only"),
                entry(friends(), "Friends", "do_nothing"))
            .map(entry -> entry.indent(4))
            .reduce("", String::concat);
  }

  /// What becomes of somebody whom their provider does not know any more.
  String onGone() {
    return "end";
  }

  private static String entry(FakeUpstream provider, String name, String onLogout) {
    return provider.yaml(
        """
        human_name: %s
        scope: openid offline_access
        fetch_userinfo: %s
        on_backchannel_logout: %s
        claims_imports:
          skip_confirmation: true
          localpart: {action: require}
          displayname: {action: force}
          email: {action: force}
        """
            .formatted(name, name.equals("Friends"), onLogout));
  }

  @Override
  public void stop() {
    Objects.requireNonNull(providers).forEach(FakeUpstream::close);
    super.stop();
  }
}
