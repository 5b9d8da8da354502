/// Acts that touch many things at once.
@NullMarked
package latchkey.domain.lifecycle;

import org.jspecify.annotations.NullMarked;
