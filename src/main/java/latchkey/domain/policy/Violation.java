package latchkey.domain.policy;

import org.jspecify.annotations.Nullable;

/// Why a policy says no.
///
/// @param message for the log and as a fall-back on pages
/// @param code one of the codes of `policy.md` 4, if the rule has one
/// @param redirectUri the redirect URI a rule about registration objects to
/// @param isFinal asking again without a new grant will not help
public record Violation(
    String message, @Nullable String code, @Nullable String redirectUri, boolean isFinal) {}
