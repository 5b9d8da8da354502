/// `GET /.well-known/openid-configuration` (OpenID Connect Discovery) and `/.well-known/webfinger`
/// (RFC 7033).
@NullMarked
package latchkey.endpoint.wellknown;

import org.jspecify.annotations.NullMarked;
