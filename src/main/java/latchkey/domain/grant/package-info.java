/// Authorizations in progress: the authorization grant (table `authorization_grants`) from the
/// request to the exchange of its code (RFC 6749 §4.1, RFC 7636), and the way of a legacy client
/// through the browser (table `compat_sso_logins`, `m.login.sso`).
@NullMarked
package latchkey.domain.grant;

import org.jspecify.annotations.NullMarked;
