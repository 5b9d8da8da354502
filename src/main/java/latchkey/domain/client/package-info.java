/// OAuth clients, static and registered, and how they prove themselves (table `clients`; RFC 6749
/// §2, RFC 7591).
@NullMarked
package latchkey.domain.client;

import org.jspecify.annotations.NullMarked;
