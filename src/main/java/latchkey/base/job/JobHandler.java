package latchkey.base.job;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Does one kind of job. A handler reads what is true when it runs: a job carries ids, never
/// values. Whatever it throws means "not yet", and the job is tried again later.
public interface JobHandler {
  /// The queue's name, as it stands in the table, the log and the metrics.
  String kind();

  /// Pauses between tries grow to this.
  default Duration longestPause() {
    return Duration.ofMinutes(15);
  }

  /// Whom outside this kind of job talks to; null for nobody. Such jobs wait together while that
  /// one is away.
  default @Nullable Peer peer() {
    return null;
  }

  /// Whether such a job may take minutes: then two run at a time, beside all others for the peer.
  default boolean isSlow() {
    return false;
  }

  /// @param job which one it is; the id tells when the job was asked for
  /// @param ids what it is about
  void run(UUID job, List<String> ids) throws Exception;
}
