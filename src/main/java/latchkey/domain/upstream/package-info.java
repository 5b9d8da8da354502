/// Identity providers that people sign in through (`configuration.md` 12, `data-model.md` 7; OpenID
/// Connect Core, Discovery, Back-Channel and RP-Initiated Logout): their configuration, the
/// connection to them, what of their claims becomes part of an account, and the tables
/// `upstream_providers`, `upstream_links`, `upstream_sessions` and `used_logout_tokens`.
@NullMarked
package latchkey.domain.upstream;

import org.jspecify.annotations.NullMarked;
