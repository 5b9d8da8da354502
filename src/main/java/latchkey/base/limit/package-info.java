/// Rate limits, shared by all replicas through the table `rate_limits` (`configuration.md` 15,
/// `design.md` 4): the generic cell rate algorithm (GCRA) in one conditional statement by the clock
/// of the database. Why so: `docs/decisions/0006-rate-limits.md`.
@NullMarked
package latchkey.base.limit;

import org.jspecify.annotations.NullMarked;
