/// The command line. It leans on everything, nothing leans on it.
@NullMarked
package latchkey.cli;

import org.jspecify.annotations.NullMarked;
