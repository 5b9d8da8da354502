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
    var settings = Settings.read(latchkey.configuration(spec), latchkey.environment(), false);
    var err = spec.commandLine().getErr();
    settings.warnings().forEach(warning -> err.println("warning: " + warning));
    settings
        .notSupportedYet()
        .forEach(path -> err.println("warning: " + path + ": has no effect in this release"));
    settings.errors().forEach(error -> err.println("error: " + error));
    if (!settings.errors().isEmpty()) {
      return ExitCode.SOFTWARE;
    }
    err.println("The configuration is good.");
    return ExitCode.OK;
  }
}
