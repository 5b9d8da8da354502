package latchkey.cli;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import latchkey.base.system.Ids;
import latchkey.domain.user.AppPassword;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "list-app-passwords",
    description = "List the app passwords of an account: id, made, expires, last used, name.")
final class ListAppPasswordsCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "USERNAME")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String username;

  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  ListAppPasswordsCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, AccountDesk.Refused {
    var all = new AppPasswordDesk(latchkey, latchkey.configuration(spec)).list(username);
    all.forEach(one -> spec.commandLine().getOut().println(line(one)));
    spec.commandLine().getErr().println(all.size() + " app passwords.");
    return ExitCode.OK;
  }

  private static String line(AppPassword password) {
    return String.join(
        "\t",
        Ids.text(password.id()),
        password.createdAt().toString(),
        password.expiresAt() == null ? "never" : password.expiresAt().toString(),
        password.lastUsedAt() == null ? "never" : password.lastUsedAt().toString(),
        password.name());
  }
}
