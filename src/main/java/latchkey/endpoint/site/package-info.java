/// `/`, `/health`, `/health/ready`, `/assets/`: the front, and whether the house stands.
@NullMarked
package latchkey.endpoint.site;

import org.jspecify.annotations.NullMarked;
