/// `/upstream/…`: signing in through another provider, from leaving for it to whoever came back
/// being signed in, linked or registered (`pages.md` 5; OpenID Connect Core §3.1).
///
/// A trip is known to its browser by a sealed cookie, to the provider by a `state` that is derived
/// from it, and to us by a row of `upstream_sessions`; it ends once.
@NullMarked
package latchkey.endpoint.upstream;

import org.jspecify.annotations.NullMarked;
