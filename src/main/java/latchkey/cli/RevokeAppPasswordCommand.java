package latchkey.cli;

import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.Callable;
import latchkey.base.system.Ids;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "revoke-app-password",
    description = "Take an app password back, and end what was signed in with it.")
final class RevokeAppPasswordCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "USERNAME")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String username;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ID",
      description = "As list-app-passwords says it.")
  private @Nullable String id;

  @Option(names = "--all", description = "Instead of one: every one of the account.")
  private boolean all;

  @Option(names = "--keep-sessions", description = "What is signed in stays signed in.")
  private boolean keepSessions;

  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  RevokeAppPasswordCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, AccountDesk.Refused {
    var desk = new AppPasswordDesk(latchkey, latchkey.configuration(spec));
    int ended = desk.revoke(username, which(), !keepSessions);
    spec.commandLine().getErr().println("revoked; " + ended + " sessions have ended.");
    return ExitCode.OK;
  }

  private @Nullable UUID which() throws AccountDesk.Refused {
    var text = id;
    if ((text == null) != all) {
      throw new ParameterException(spec.commandLine(), "say one ID, or --all");
    }
    return text == null
        ? null
        : Ids.parse(text).orElseThrow(() -> new AccountDesk.Refused(text + " is no id"));
  }
}
