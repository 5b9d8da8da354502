/// `POST /logout`: ends the browser session, and only that.
@NullMarked
package latchkey.endpoint.logout;

import org.jspecify.annotations.NullMarked;
