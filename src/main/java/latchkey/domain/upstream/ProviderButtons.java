package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import latchkey.base.web.Continuation;
import latchkey.base.web.PublicHost;

/// The ways out of a page to providers.
@Singleton
public class ProviderButtons {
  private final Providers providers;
  private final ProviderWatch watch;

  ProviderButtons(Providers providers, ProviderWatch watch) {
    this.providers = providers;
    this.watch = watch;
  }

  /// To each of them, in the order of the configuration.
  ///
  /// @param next where to go on after it
  public List<ProviderButton> all(Continuation next) {
    return providers.all().stream().map(provider -> button(provider, next)).toList();
  }

  /// To some of them.
  public List<ProviderButton> some(Set<UUID> ids, Continuation next) {
    return providers.all().stream()
        .filter(provider -> ids.contains(provider.id()))
        .map(provider -> button(provider, next))
        .toList();
  }

  private ProviderButton button(ProviderConfig provider, Continuation next) {
    var name = Providers.nameOf(provider);
    return new ProviderButton(
        name,
        PublicHost.initial(name),
        provider.brandName().orElse(null),
        next.upstreamPath(provider.id()).substring(1),
        watch.trouble(provider.id()).isPresent());
  }
}
