package latchkey.cli;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "provision-all-users",
    description = "Tell the homeserver about every account anew, and which devices it has.")
final class ProvisionAllUsersCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  ProvisionAllUsersCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException {
    int count = new AccountDesk(latchkey, latchkey.configuration(spec)).provisionAll();
    spec.commandLine()
        .getErr()
        .println(
            "The homeserver will be told about " + count + " accounts (`latchkey jobs list`).");
    return ExitCode.OK;
  }
}
