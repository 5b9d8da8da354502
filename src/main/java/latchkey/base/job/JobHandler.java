package latchkey.base.job;

import java.util.List;

/// Does one kind of job. A handler reads what is true when it runs: a job carries ids, never
/// values. Whatever it throws means "not yet", and the job is tried again later.
public interface JobHandler {
  /// The queue's name, as it stands in the table, the log and the metrics.
  String kind();

  void run(List<String> ids) throws Exception;
}
