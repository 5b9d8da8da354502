package latchkey.cli;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "lock-user",
    description = "Lock an account: its tokens stop working until it is unlocked.")
final class LockUserCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "USERNAME")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String username;

  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  LockUserCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, AccountDesk.Refused {
    new AccountDesk(latchkey, latchkey.configuration(spec)).setLocked(username, true);
    spec.commandLine().getErr().println(username + " is locked.");
    return ExitCode.OK;
  }
}
