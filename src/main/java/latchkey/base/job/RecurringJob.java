package latchkey.base.job;

import java.time.Duration;

/// Housekeeping that comes round again and again, on one replica at a time, in steps so small that
/// nobody waits for one.
public interface RecurringJob {
  /// How many rows a step touches at most.
  int BATCH = 1000;

  Duration HOURLY = Duration.ofHours(1);

  /// The job's name, as it stands in the table, the log and the metrics.
  String kind();

  /// Between the end of one round and the next.
  Duration pause();

  /// Does a part. True if there may be more to do at once.
  boolean step() throws Exception;
}
