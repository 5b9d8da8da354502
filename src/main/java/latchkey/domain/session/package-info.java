/// Browser sessions and OAuth sessions (tables `browser_sessions`, `oauth_sessions`), how they end,
/// and what each replica remembers of them for introspection. Device jobs that must read sessions
/// live here too.
@NullMarked
package latchkey.domain.session;

import org.jspecify.annotations.NullMarked;
