package latchkey.base.web;

import org.jspecify.annotations.Nullable;

/// What every page shares: language, name of the house, footer.
///
/// @param base the path of the public base, ending in `/`
public record Frame(
    String language,
    String direction,
    String serviceName,
    String base,
    @Nullable String policyUri,
    @Nullable String tosUri,
    @Nullable String imprint) {}
