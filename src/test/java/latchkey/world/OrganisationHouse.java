package latchkey.world;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A house of an organisation: everybody comes from its one provider, nobody has a password, there
/// are terms to agree to, and rules about names and addresses.
public final class OrganisationHouse extends House {
  public static final String BANNED_NAME = "root";

  /// `policy.data.admin_users`.
  public static final List<String> ADMINS = List.of("ops", "chief");

  public static final String BANNED_ADDRESS = "erika@spam.example";

  private static @Nullable FakeUpstream provider;

  /// "Organisation". What becomes of its claims, a test says.
  public static FakeUpstream provider() {
    return Objects.requireNonNull(provider);
  }

  @Override
  public Map<String, String> start() {
    provider = new FakeUpstream("01KB00000000000000000PR0VA");
    return super.start();
  }

  @Override
  String tuning() {
    return """
    passwords: {enabled: false}
    branding: {tos_uri: 'https://example.com/terms'}
    policy:
      data:
        registration: {banned_usernames: {literals: [%s]}}
        banned_domains: ['*am.example']
        admin_users: %s
    upstream_oauth2:
      providers:
    """
            .formatted(BANNED_NAME, ADMINS)
        + provider().yaml("human_name: Organisation\n").indent(4);
  }

  @Override
  public void stop() {
    provider().close();
    super.stop();
  }
}
