package latchkey.base.job;

/// Somebody outside whom jobs talk to. When nobody's job would go through, all jobs for this peer
/// wait, and only [#answers] is tried until it is true.
public interface Peer {
  /// As it stands in the log.
  String name();

  /// Whether a job's failure may be that of all others too.
  boolean isSuspect(Throwable failure);

  /// Asks it something cheap, with a deadline of seconds. What it throws is a no.
  boolean answers();
}
