package latchkey.domain.grant;

import java.util.UUID;
import latchkey.base.oauth.Scope;
import org.jspecify.annotations.Nullable;

/// A grant as the pages see it.
///
/// @param locale the language its user is spoken to in (BCP 47)
public record PendingGrant(
    UUID id,
    UUID clientId,
    String redirectUri,
    String responseMode,
    Scope scope,
    @Nullable String state,
    @Nullable String nonce,
    @Nullable String codeChallenge,
    @Nullable String loginHint,
    @Nullable String locale) {}
