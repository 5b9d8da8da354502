package latchkey.cli;

import java.util.concurrent.Callable;
import latchkey.base.database.DatabaseConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Tells every fault at once. Like the service we replace it tells on stderr, and opens neither the
/// files named by `*_file` keys nor, unless asked, the database.
@Command(
    name = "check",
    description = "Check the configuration, and tell everything that is wrong.")
final class ConfigCheckCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--database", description = "Look at the database too, and change nothing in it.")
  private boolean database;

  ConfigCheckCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() {
    var configuration = latchkey.configuration(spec);
    var report = Settings.read(configuration, false);
    var err = spec.commandLine().getErr();
    report.warnings().forEach(warning -> err.println("warning: " + warning));
    report.withoutEffect().forEach(fault -> err.println("warning: " + fault));
    report.orThrow();
    if (database) {
      // Its password may stand in a file.
      var check =
          DatabaseCheck.of(
              DatabaseConfig.read(configuration.root(true), configuration.environment()));
      check.remarks().forEach(remark -> err.println("warning: the database: " + remark));
      check.errors().forEach(error -> err.println("error: the database: " + error));
      if (!check.errors().isEmpty()) {
        return ExitCode.SOFTWARE;
      }
    }
    err.println("The configuration is good.");
    return ExitCode.OK;
  }
}
