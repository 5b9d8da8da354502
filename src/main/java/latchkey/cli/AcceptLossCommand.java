package latchkey.cli;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "accept-loss",
    description =
        "Give up the sessions that this database has lost: their clients are told to sign in again.")
final class AcceptLossCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  AcceptLossCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException {
    int count = new AccountDesk(latchkey, latchkey.configuration(spec)).acceptLoss();
    spec.commandLine().getErr().println("Given up: " + count + " lost sessions were noticed.");
    return ExitCode.OK;
  }
}
