package latchkey.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Tells every fault at once. Like the service we replace it tells on stderr, and opens neither the
/// files named by `*_file` keys nor the database.
@Command(
    name = "check",
    description = "Check the configuration, and tell everything that is wrong.")
final class ConfigCheckCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  ConfigCheckCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() {
    var report = Settings.read(latchkey.configuration(spec), false);
    var err = spec.commandLine().getErr();
    report.warnings().forEach(warning -> err.println("warning: " + warning));
    report.withoutEffect().forEach(fault -> err.println("warning: " + fault));
    report.orThrow();
    err.println("The configuration is good.");
    return ExitCode.OK;
  }
}
