package latchkey.cli;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import latchkey.base.job.Queue;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "drop", description = "Give jobs up for good. What they were to tell stays untold.")
final class JobsDropCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "ID", description = "Ids of `jobs list`.")
  private List<String> ids = new ArrayList<>();

  @Mixin private ChosenJobs chosen = new ChosenJobs();

  @Option(names = "--all", description = "All there are.")
  private boolean all;

  @Option(
      names = {"-y", "--yes"},
      description = "Ask no questions.")
  private boolean yes;

  JobsDropCommand(Latchkey latchkey) {
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
    var err = spec.commandLine().getErr();
    var found = desk.queue().find(choice);
    if (found.kinds().isEmpty()) {
      err.println("There are none.");
      return ExitCode.OK;
    }
    tell(found, err);
    if (!yes && !isConfirmed()) {
      err.println("Nothing was dropped.");
      return ExitCode.SOFTWARE;
    }
    int count = desk.drop(found);
    err.println(count + " jobs were dropped." + leftOver(desk, found));
    return ExitCode.OK;
  }

  /// Says what is about to be lost.
  private static void tell(Queue.Found found, PrintWriter err) {
    var kinds = new TreeMap<String, Integer>();
    found.kinds().forEach(kind -> kinds.merge(kind, 1, Integer::sum));
    kinds.forEach((kind, count) -> err.println(count + " × " + kind + ": " + meaning(kind)));
  }

  /// What it means that such a job is never done.
  private static String meaning(String kind) {
    return switch (kind) {
      case "provision-user" ->
          "the homeserver does not learn of the account, its addresses or its lock, until something"
              + " of it changes again or `manage provision-all-users`.";
      case "sync-devices" ->
          "the homeserver may go on showing devices that are signed out, and lack others, until"
              + " `manage provision-all-users`.";
      case "delete-device" ->
          "the homeserver goes on showing a device that is signed out; its tokens are dead all the"
              + " same. `manage provision-all-users` mends it.";
      case "deactivate-user" ->
          "the account stays active on the homeserver, with its rooms and data, though nobody can"
              + " sign in to it. `manage lock-user --deactivate` asks again.";
      case "reactivate-user" -> "the account stays deactivated.";
      case "set-display-name" -> "the homeserver keeps the display name it has.";
      case "allow-cross-signing-reset" -> "the user has to ask for it again.";
      case "tell-user" -> "the user gets no mail about what happened to a session of theirs.";
      default -> "whatever it was to tell stays untold.";
    };
  }

  private static String leftOver(JobDesk desk, Queue.Found found) throws SQLException {
    long running = desk.queue().count(found);
    return running == 0 ? "" : " " + running + " are running at this moment and were left.";
  }

  private static boolean isConfirmed() throws JobDesk.Refused {
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new JobDesk.Refused("there is no terminal to ask on; use --yes");
    }
    var answer = console.readLine("Drop them? [y/N] ");
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }
}
