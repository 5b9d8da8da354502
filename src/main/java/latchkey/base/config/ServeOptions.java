package latchkey.base.config;

/// What the command line asked of a serving process; it reaches the application as
/// [Configuration#serving()], beside the configuration it was started with.
///
/// @param migrate run pending migrations at start, instead of refusing to start
/// @param worker run background jobs in this process
/// @param sync write the clients of the configuration into the database at start
/// @param listen open the listeners; false for a process that only works
/// @param live show pages with their templates as they are on the disk at that moment
public record ServeOptions(
    boolean migrate, boolean worker, boolean sync, boolean listen, boolean live) {
  /// What `server` does without flags.
  public static final ServeOptions SERVER = new ServeOptions(true, true, true, true, false);

  /// What `worker` does: jobs, and nothing that a server would have done before.
  public static final ServeOptions WORKER = new ServeOptions(false, true, false, false, false);
}
