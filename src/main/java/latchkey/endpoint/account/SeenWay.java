package latchkey.endpoint.account;

import latchkey.domain.upstream.ProviderMark;
import org.jspecify.annotations.Nullable;

/// An account elsewhere that somebody can sign in with.
///
/// @param id of the link
/// @param accountName what they recognise it by
/// @param since when it was first seen, in words
/// @param usable whether there is such a provider now
record SeenWay(
    String id,
    String provider,
    ProviderMark mark,
    @Nullable String accountName,
    String since,
    boolean usable) {}
