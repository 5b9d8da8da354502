package latchkey.base.job;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/// The recurring jobs as tasks of the scheduler. Each has one row, which whoever comes first holds
/// while its round lasts.
final class RecurringJobs {
  private static final Logger LOG = Logger.getLogger(JobRunner.class);

  /// What is left after this is done in the next round.
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(10);

  private final DataSource database;
  private final List<RecurringJob> jobs;
  private volatile boolean stopping;

  RecurringJobs(DataSource database, List<RecurringJob> jobs) {
    this.database = database;
    this.jobs = jobs;
  }

  List<Task<?>> tasks() {
    return jobs.stream().<Task<?>>map(this::task).toList();
  }

  /// A round under way ends with its step.
  void stop() {
    stopping = true;
  }

  /// Makes sure each has its row; one that is there keeps its time.
  void schedule(Instant now) throws SQLException {
    stopping = false;
    var sql =
        """
        insert into latchkey.scheduled_tasks (task_name, task_instance, execution_time, picked, version)
        values (?, ?, ?, false, 1) on conflict (task_name, task_instance) do nothing
        """;
    for (var job : jobs) {
      try (var connection = database.getConnection();
          var statement = connection.prepareStatement(sql)) {
        statement.setString(1, job.kind());
        statement.setString(2, RecurringTask.INSTANCE);
        statement.setTimestamp(3, Timestamp.from(now));
        statement.executeUpdate();
      }
    }
  }

  private Task<?> task(RecurringJob job) {
    return Tasks.recurring(job.kind(), FixedDelay.of(job.pause()))
        .doNotScheduleOnStartup()
        .execute((_, _) -> round(job));
  }

  private void round(RecurringJob job) {
    long until = System.nanoTime() + LONGEST_ROUND.toNanos();
    try {
      boolean more = true;
      while (more && !stopping && System.nanoTime() < until) {
        more = job.step();
      }
    } catch (Exception e) {
      LOG.warnf("job %s failed, next try in %d s: %s", job.kind(), job.pause().toSeconds(), e);
      throw new IllegalStateException(e);
    }
  }
}
