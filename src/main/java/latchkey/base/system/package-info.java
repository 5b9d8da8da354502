/// Clock, randomness and ids: the only place that asks the machine for the time or for chance.
@NullMarked
package latchkey.base.system;

import org.jspecify.annotations.NullMarked;
