/// The small world every HTTP test plays in: a real PostgreSQL behind a cable that can be cut, a
/// hand-written homeserver, a clock that can be moved, people, clients and a browser.
@NullMarked
package latchkey.world;

import org.jspecify.annotations.NullMarked;
