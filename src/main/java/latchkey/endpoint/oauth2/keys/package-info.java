/// `GET /oauth2/keys.json`: the public keys that verify ID tokens (RFC 7517).
@NullMarked
package latchkey.endpoint.oauth2.keys;

import org.jspecify.annotations.NullMarked;
