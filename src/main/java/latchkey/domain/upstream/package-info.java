/// Identity providers that people sign in through. Only their configuration is read in this
/// release; nobody signs in through them yet.
@NullMarked
package latchkey.domain.upstream;

import org.jspecify.annotations.NullMarked;
