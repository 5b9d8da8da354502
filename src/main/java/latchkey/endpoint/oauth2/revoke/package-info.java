/// `POST /oauth2/revoke` (RFC 7009, MSC4254).
@NullMarked
package latchkey.endpoint.oauth2.revoke;

import org.jspecify.annotations.NullMarked;
