/// `POST /oauth2/registration` (RFC 7591, MSC2966).
@NullMarked
package latchkey.endpoint.oauth2.registration;

import org.jspecify.annotations.NullMarked;
