/// Site.
@NullMarked
package latchkey.endpoint.site;

import org.jspecify.annotations.NullMarked;
