/// May this happen? The rules are readable files in `policies/`; this package evaluates them.
@NullMarked
package latchkey.domain.policy;

import org.jspecify.annotations.NullMarked;
