/// Browser sessions (table `browser_sessions`), OAuth sessions and the compat sessions of legacy
/// clients (both in table `oauth_sessions`), how they end, and what each replica remembers of them
/// for introspection. Device jobs that must read sessions live here too.
@NullMarked
package latchkey.domain.session;

import org.jspecify.annotations.NullMarked;
