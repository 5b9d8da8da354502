/// What Latchkey asks of the homeserver: accounts and devices (`homeserver.md` 2). Only the
/// connection and its verbs; who calls them when is decided elsewhere.
@NullMarked
package latchkey.domain.homeserver;

import org.jspecify.annotations.NullMarked;
