package latchkey.cli;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import latchkey.base.job.Queue;
import latchkey.base.system.Ids;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The options by which the verbs of `jobs` choose.
final class ChosenJobs {
  @Option(names = "--queue", paramLabel = "QUEUE", description = "Of this kind only.")
  private @Nullable String queue;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      converter = StateConverter.class,
      description = "waiting, running or failing.")
  private Queue.@Nullable State state;

  @Option(names = "--user", paramLabel = "USERNAME", description = "About this account only.")
  private @Nullable String user;

  /// What was chosen.
  ///
  /// @param ids of single jobs
  Queue.Choice choice(List<UUID> ids, JobDesk desk) throws JobDesk.Refused, SQLException {
    return new Queue.Choice(ids, queue, state, user == null ? null : desk.requireUser(user));
  }

  static List<UUID> ids(CommandLine line, List<String> words) {
    var ids = new ArrayList<UUID>();
    for (var word : words) {
      ids.add(
          Ids.parse(word.toUpperCase(Locale.ROOT))
              .orElseThrow(
                  () -> new CommandLine.ParameterException(line, word + " is no id of a job.")));
    }
    return ids;
  }

  static final class StateConverter implements ITypeConverter<Queue.State> {
    @Override
    public Queue.State convert(String word) {
      return switch (word) {
        case "waiting" -> Queue.State.WAITING;
        case "running" -> Queue.State.RUNNING;
        case "failing" -> Queue.State.FAILING;
        default ->
            throw new TypeConversionException("it is waiting, running or failing, not " + word);
      };
    }
  }
}
