/// What Synapse has and we take over: its `homeserver.yaml` (`synapse-import.md` 2 and 10).
@NullMarked
package latchkey.endpoint.takeover;

import org.jspecify.annotations.NullMarked;
