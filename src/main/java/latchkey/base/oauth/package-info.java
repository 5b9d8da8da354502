/// The words of OAuth 2.0 and OpenID Connect: error codes, grant types, scopes, PKCE (RFC 6749, RFC
/// 7636, OpenID Connect Core). Knows no feature.
@NullMarked
package latchkey.base.oauth;

import org.jspecify.annotations.NullMarked;
