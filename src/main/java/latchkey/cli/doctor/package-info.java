/// `latchkey doctor` (`cli-and-operations.md` 1.5): asks the homeserver and the reverse proxy in
/// front of both what only the outside can tell, and says what to change.
@NullMarked
package latchkey.cli.doctor;

import org.jspecify.annotations.NullMarked;
