package latchkey.cli;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "issue-compatibility-token",
    description =
        "Sign an account in on a device, and print its access token, which does not expire.")
final class IssueCompatibilityTokenCommand implements Callable<Integer> {
  private static final int LONGEST_DEVICE = 255;

  @Parameters(index = "0", paramLabel = "USERNAME")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String username;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DEVICE_ID",
      description = "A new one if it is left out. Whatever holds it is signed out.")
  private @Nullable String device;

  @Option(
      names = "--yes-i-want-to-grant-synapse-admin-privileges",
      description = "The token may use the admin API of Synapse.")
  private boolean admin;

  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  IssueCompatibilityTokenCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, TokenDesk.Refused {
    if (device != null
        && (device.isEmpty()
            || device.length() > LONGEST_DEVICE
            || device.chars().anyMatch(Character::isISOControl))) {
      throw new ParameterException(
          spec.commandLine(), "A device id has 1 to 255 characters, none of them a control one.");
    }
    var issued =
        new TokenDesk(latchkey, latchkey.configuration(spec)).issue(username, device, admin);
    spec.commandLine()
        .getErr()
        .println(
            "Compatibility token issued for "
                + issued.matrixId()
                + " on device "
                + issued.device()
                + ": "
                + issued.token().reveal());
    return ExitCode.OK;
  }
}
