/// OAuth clients, static and registered, and how they prove themselves (tables `clients`,
/// `used_assertions`; RFC 6749 §2, RFC 7523, RFC 7591).
@NullMarked
package latchkey.domain.client;

import org.jspecify.annotations.NullMarked;
