/// `POST /oauth2/introspect` (RFC 7662), as homeservers call it and as clients do.
@NullMarked
package latchkey.endpoint.oauth2.introspect;

import org.jspecify.annotations.NullMarked;
