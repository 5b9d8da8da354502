/// `POST /oauth2/token`: code exchange and refresh (RFC 6749 §4.1.3, §6; RFC 7636 §4.6).
@NullMarked
package latchkey.endpoint.oauth2.token;

import org.jspecify.annotations.NullMarked;
