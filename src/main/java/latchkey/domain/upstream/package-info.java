/// Identity providers that people sign in through: their configuration, and what of their claims
/// becomes part of an account. Nobody signs in through them yet.
@NullMarked
package latchkey.domain.upstream;

import org.jspecify.annotations.NullMarked;
