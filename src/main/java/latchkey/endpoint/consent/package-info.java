/// `/consent/{grant}`: the page where a person lets a client in, and the redirect that carries the
/// code.
@NullMarked
package latchkey.endpoint.consent;

import org.jspecify.annotations.NullMarked;
