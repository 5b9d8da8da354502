package latchkey.cli;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import latchkey.base.crypto.Secret;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "set-password", description = "Give an account a new password.")
final class SetPasswordCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "USERNAME")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String username;

  @Parameters(index = "1", paramLabel = "PASSWORD")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String password;

  @Option(names = "--ignore-complexity", description = "Take a weak one as well.")
  private boolean ignoreComplexity;

  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  SetPasswordCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, AccountDesk.Refused {
    var desk = new AccountDesk(latchkey, latchkey.configuration(spec));
    desk.setPassword(username, Secret.of(password), ignoreComplexity);
    var err = spec.commandLine().getErr();
    err.println("The password of " + username + " is changed.");
    new AppPasswordDesk(latchkey, latchkey.configuration(spec)).remind(username, err);
    return ExitCode.OK;
  }
}
