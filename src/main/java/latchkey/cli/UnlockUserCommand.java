package latchkey.cli;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "unlock-user", description = "Unlock an account: what it held works again.")
final class UnlockUserCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "USERNAME")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String username;

  @Option(
      names = "--reactivate",
      description = "Undo a deactivation too, once the homeserver has done so.")
  private boolean reactivate;

  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  UnlockUserCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, AccountDesk.Refused {
    var desk = new AccountDesk(latchkey, latchkey.configuration(spec));
    boolean deactivated = desk.unlock(username, reactivate);
    spec.commandLine().getErr().println(username + " is unlocked." + more(deactivated));
    return ExitCode.OK;
  }

  private String more(boolean deactivated) {
    if (reactivate) {
      return " It is active again once the homeserver has followed.";
    }
    return deactivated ? " It is deactivated still, see --reactivate." : "";
  }
}
