/// The queue of what must reach somebody else: scheduled in the transaction of the change, retried
/// until it succeeds, run by any replica (db-scheduler, table `scheduled_tasks`).
@NullMarked
package latchkey.base.job;

import org.jspecify.annotations.NullMarked;
