/// `/notices`: what people have to be told or asked before they go on; `/notices/{event}`: what a
/// mail has told of. Nothing happens by looking.
@NullMarked
package latchkey.endpoint.notices;

import org.jspecify.annotations.NullMarked;
