/// `/register`: somebody wants an account, and chooses who vouches for them (`pages.md` 4.1). There
/// is no registration without a provider yet.
@NullMarked
package latchkey.endpoint.register;

import org.jspecify.annotations.NullMarked;
