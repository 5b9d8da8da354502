/// `/logout`: ends the browser session, and only that; at its provider too, if the admin wants it
/// (OpenID Connect RP-Initiated Logout 1.0).
@NullMarked
package latchkey.endpoint.logout;

import org.jspecify.annotations.NullMarked;
