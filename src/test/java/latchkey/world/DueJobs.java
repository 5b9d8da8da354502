package latchkey.world;

import java.time.Duration;
import latchkey.base.job.JobRunner;

/// The queue of the application under test, whose jobs do not wait for their time to come.
final class DueJobs {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final JobRunner jobs;
  private final MovableClock clock;

  DueJobs(JobRunner jobs, MovableClock clock) {
    this.jobs = jobs;
    this.clock = clock;
  }

  /// Until none is left that was not tried, or all wait for a homeserver that is away.
  void run() {
    long until = System.nanoTime() + PATIENCE.toNanos();
    jobs.checkNow();
    while (World.count(due()) > 0 && !jobs.isWaitingForAPeer()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("jobs are still waiting after 20 s");
      }
      World.pause();
      hurry();
    }
  }

  private String due() {
    return """
    select count(*) from latchkey.scheduled_tasks
     where coalesce(consecutive_failures, 0) = 0 and (picked or execution_time <= '%s')
    """
        .formatted(clock.instant().plusSeconds(3));
  }

  /// Jobs that wait for another one of the same user would come by themselves within three seconds.
  private void hurry() {
    var now = clock.instant();
    World.sql(
        """
        update latchkey.scheduled_tasks set execution_time = '%s'
         where coalesce(consecutive_failures, 0) = 0 and not picked and task_instance <> 'recurring'
           and execution_time > '%s' and execution_time <= '%s'
        """
            .formatted(now, now, now.plusSeconds(3)));
    jobs.checkNow();
  }
}
