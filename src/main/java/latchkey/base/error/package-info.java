/// The one family of refusals. Rooms throw the words of their protocol, things throw the words of
/// the domain; `base.web` alone turns them into responses.
@NullMarked
package latchkey.base.error;

import org.jspecify.annotations.NullMarked;
