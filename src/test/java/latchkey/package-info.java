/// The tests of the house as a whole.
@NullMarked
package latchkey;

import org.jspecify.annotations.NullMarked;
