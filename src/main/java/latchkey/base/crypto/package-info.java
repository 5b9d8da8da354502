/// Keys, JOSE, secrets and hashing. Secrets travel as [latchkey.base.crypto.Secret], never as
/// strings.
@NullMarked
package latchkey.base.crypto;

import org.jspecify.annotations.NullMarked;
