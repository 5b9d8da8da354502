package latchkey.domain.upstream;

import latchkey.base.web.PublicHost;
import org.jspecify.annotations.Nullable;

/// What stands before the name of a provider on a page; `provider-mark.html` draws it.
///
/// @param brand `brand_name`; those the template knows have a picture
/// @param initial stands for it where there is no picture
public record ProviderMark(@Nullable String brand, String initial) {
  public static ProviderMark of(ProviderConfig provider) {
    return new ProviderMark(
        provider.brandName().orElse(null), PublicHost.initial(Providers.nameOf(provider)));
  }

  /// Of one that is known by its name alone.
  public static ProviderMark of(String name) {
    return new ProviderMark(null, PublicHost.initial(name));
  }
}
