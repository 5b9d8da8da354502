package latchkey.base.job;

import java.time.Duration;
import java.util.List;

/// Does one kind of job. A handler reads what is true when it runs: a job carries ids, never
/// values. Whatever it throws means "not yet", and the job is tried again later.
public interface JobHandler {
  /// The queue's name, as it stands in the table, the log and the metrics.
  String kind();

  /// Pauses between tries grow to this.
  default Duration longestPause() {
    return Duration.ofMinutes(15);
  }

  void run(List<String> ids) throws Exception;
}
