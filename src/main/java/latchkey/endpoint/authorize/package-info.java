/// `GET /authorize` (RFC 6749 §4.1.1, RFC 7636, RFC 9207): checks a request and stores it as a
/// grant.
@NullMarked
package latchkey.endpoint.authorize;

import org.jspecify.annotations.NullMarked;
