/// Where requests come in: `http.listeners` with its binds, TLS and PROXY protocol
/// (`configuration.md` 3.2–3.6), the gate every request passes, and the log line it leaves. Serves
/// no URL of its own; `/metrics` and the rest of a group answer only where the group is mounted.
@NullMarked
package latchkey.base.listener;

import org.jspecify.annotations.NullMarked;
