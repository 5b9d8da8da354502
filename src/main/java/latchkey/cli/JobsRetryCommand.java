package latchkey.cli;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "retry",
    description =
        "Try jobs again now instead of at their time. While a server finds the homeserver away, it"
            + " waits all the same.")
final class JobsRetryCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "ID", description = "Ids of `jobs list`.")
  private List<String> ids = new ArrayList<>();

  @Mixin private ChosenJobs chosen = new ChosenJobs();

  @Option(names = "--all", description = "All there are.")
  private boolean all;

  JobsRetryCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, JobDesk.Refused {
    var wanted = ChosenJobs.ids(spec.commandLine(), ids);
    var desk = new JobDesk(latchkey, latchkey.configuration(spec));
    var choice = chosen.choice(wanted, desk);
    if (choice.isEverything() != all) {
      throw new ParameterException(
          spec.commandLine(), "Which ones? Name ids, or choose by options, or say --all.");
    }
    int count = desk.retry(choice);
    spec.commandLine().getErr().println(count + " jobs are tried again now.");
    return ExitCode.OK;
  }
}
