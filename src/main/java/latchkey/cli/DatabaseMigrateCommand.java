package latchkey.cli;

import java.util.concurrent.Callable;
import latchkey.base.config.BadConfiguration;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.Migrations;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Reads no section but `database`: a fault elsewhere does not matter here.
@Command(name = "migrate", description = "Bring the schema of the database up to this release.")
final class DatabaseMigrateCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  DatabaseMigrateCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() {
    var root = latchkey.configuration(spec).root(true);
    var database = DatabaseConfig.read(root, latchkey.environment());
    if (!root.faults().errors().isEmpty()) {
      throw new BadConfiguration(root.faults().errors());
    }
    var migrations = new Migrations(database);
    var err = spec.commandLine().getErr();
    var newer = migrations.newerThanKnown();
    if (!newer.isEmpty()) {
      err.println("error: a newer release has been at this database: " + String.join(", ", newer));
      return ExitCode.SOFTWARE;
    }
    err.println("Migrations run: " + migrations.migrate());
    return ExitCode.OK;
  }
}
