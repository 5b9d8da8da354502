package latchkey.domain.upstream;

import org.jspecify.annotations.Nullable;

/// What a page shows of a provider that one can sign in through.
///
/// @param name see [Providers#nameOf]
/// @param initial stands for it where there is no picture
/// @param brand `brand_name`, which chooses the picture; for style sheets and tests too
/// @param path where it leads, below the base
/// @param trouble whether it does not answer at the moment
public record ProviderButton(
    String name, String initial, @Nullable String brand, String path, boolean trouble) {}
