/// What an admin or a user must be able to see later: the table `audit_events`.
@NullMarked
package latchkey.domain.audit;

import org.jspecify.annotations.NullMarked;
