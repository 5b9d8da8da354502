/// Access, refresh and ID tokens: their format, issuing, rotation and the check of a bearer. Tokens
/// are computed, not stored (`docs/tokens.md`). RFC 6749 §6, RFC 6750, RFC 9700 §4.14, OpenID
/// Connect Core §2.
@NullMarked
package latchkey.domain.token;

import org.jspecify.annotations.NullMarked;
