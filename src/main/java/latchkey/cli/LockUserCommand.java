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
    name = "lock-user",
    description = "Lock an account: its tokens stop working until it is unlocked.")
final class LockUserCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "USERNAME")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String username;

  @Option(
      names = "--deactivate",
      description = "Deactivate it too: its sessions and addresses go, here and at the homeserver.")
  private boolean deactivate;

  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  LockUserCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, AccountDesk.Refused {
    new AccountDesk(latchkey, latchkey.configuration(spec)).lock(username, deactivate);
    var state = deactivate ? " is locked and deactivated." : " is locked.";
    spec.commandLine().getErr().println(username + state);
    return ExitCode.OK;
  }
}
