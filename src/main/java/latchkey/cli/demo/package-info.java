/// `latchkey demo`: a database, a user and a small OAuth client on a port of its own, to see a
/// login with.
@NullMarked
package latchkey.cli.demo;

import org.jspecify.annotations.NullMarked;
