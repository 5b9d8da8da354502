/// Random histories: what clients, networks, thieves and machines do to one session, played against
/// the engine and against a small model of `docs/tokens.md` at once.
@NullMarked
package latchkey.domain.token.history;

import org.jspecify.annotations.NullMarked;
