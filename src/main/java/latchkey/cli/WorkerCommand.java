package latchkey.cli;

import java.util.concurrent.Callable;
import latchkey.base.config.ServeOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "worker", description = "Run background jobs, and listen nowhere.")
final class WorkerCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  WorkerCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() {
    return Serving.run(latchkey, spec, ServeOptions.WORKER);
  }
}
