package latchkey.cli;

import java.util.concurrent.Callable;
import latchkey.base.config.ServeOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "server", description = "Serve, and run background jobs.")
final class ServerCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--no-migrate",
      description = "Refuse to start when migrations are pending, instead of running them.")
  private boolean noMigrate;

  @Option(names = "--no-worker", description = "Serve only; leave background jobs to others.")
  private boolean noWorker;

  @Option(
      names = "--no-sync",
      description = "Leave clients and providers in the database as they are.")
  private boolean noSync;

  @Option(names = "--migrate", hidden = true)
  private boolean migrate;

  ServerCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() {
    if (migrate) {
      spec.commandLine().getErr().println("warning: --migrate is the default and ignored");
    }
    return Serving.run(
        latchkey, spec, new ServeOptions(!noMigrate, !noWorker, !noSync, true, false));
  }
}
