/// Rate limits. None is enforced in this release.
@NullMarked
package latchkey.base.limit;

import org.jspecify.annotations.NullMarked;
