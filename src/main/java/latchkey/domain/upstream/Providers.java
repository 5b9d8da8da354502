package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;

/// The providers people can sign in through now: those of the configuration that are enabled.
@Singleton
public class Providers {
  private volatile List<ProviderConfig> enabled;

  Providers(UpstreamConfig config) {
    this.enabled = enabledOf(config);
  }

  /// In the order of the configuration.
  public List<ProviderConfig> all() {
    return enabled;
  }

  public Optional<ProviderConfig> find(UUID id) {
    return enabled.stream().filter(provider -> provider.id().equals(id)).findFirst();
  }

  /// What people call it: its `human_name`, or else its issuer without the scheme, or else its id.
  public static String nameOf(ProviderConfig provider) {
    return provider
        .humanName()
        .or(() -> provider.issuer().map(Providers::withoutScheme))
        .orElseGet(() -> Ids.text(provider.id()));
  }

  /// The configuration was read again.
  public void replace(UpstreamConfig config) {
    enabled = enabledOf(config);
  }

  private static List<ProviderConfig> enabledOf(UpstreamConfig config) {
    return config.providers().stream().filter(ProviderConfig::enabled).toList();
  }

  private static String withoutScheme(String issuer) {
    int scheme = issuer.indexOf("://");
    var rest = scheme < 0 ? issuer : issuer.substring(scheme + 3);
    return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
  }
}
