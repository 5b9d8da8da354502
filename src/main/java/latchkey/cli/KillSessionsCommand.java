package latchkey.cli;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "kill-sessions",
    description = "End every session of an account, in clients and browsers.")
final class KillSessionsCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "USERNAME")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String username;

  @Option(names = "--dry-run", description = "Only say how many there are.")
  private boolean dryRun;

  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  KillSessionsCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, AccountDesk.Refused {
    var desk = new AccountDesk(latchkey, latchkey.configuration(spec));
    int count = desk.endSessions(username, dryRun);
    var err = spec.commandLine().getErr();
    err.println(dryRun ? count + " sessions would end." : count + " sessions have ended.");
    new AppPasswordDesk(latchkey, latchkey.configuration(spec)).remind(username, err);
    return ExitCode.OK;
  }
}
