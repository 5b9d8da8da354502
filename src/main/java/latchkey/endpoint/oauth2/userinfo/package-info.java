/// `GET` and `POST /oauth2/userinfo` (OpenID Connect Core §5.3, RFC 6750).
@NullMarked
package latchkey.endpoint.oauth2.userinfo;

import org.jspecify.annotations.NullMarked;
