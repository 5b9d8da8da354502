package latchkey.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import latchkey.base.job.Queue;
import latchkey.base.system.Ids;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = "Show what waits to be told to the homeserver, to users and to others.")
final class JobsListCommand implements Callable<Integer> {
  private final Latchkey latchkey;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private ChosenJobs chosen = new ChosenJobs();

  @Option(names = "--json", description = "As an array of JSON objects.")
  private boolean json;

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      description = "So many at most, the oldest first (default ${DEFAULT-VALUE}).")
  private int limit = 100;

  JobsListCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Override
  public Integer call() throws SQLException, JobDesk.Refused {
    var desk = new JobDesk(latchkey, latchkey.configuration(spec));
    var choice = chosen.choice(List.of(), desk);
    var entries = desk.queue().list(choice, limit);
    var names = desk.usernames(subjects(entries));
    var out = spec.commandLine().getOut();
    if (json) {
      var array = new JsonArray();
      entries.forEach(entry -> array.add(json(entry, names)));
      out.println(array.encodePrettily());
      return ExitCode.OK;
    }
    table(out, entries, names);
    long all = entries.size() < limit ? entries.size() : desk.queue().count(choice);
    if (all > entries.size()) {
      out.println("… and " + (all - entries.size()) + " more; --limit shows them.");
    }
    return ExitCode.OK;
  }

  private static Set<UUID> subjects(List<Queue.Entry> entries) {
    var ids = new HashSet<UUID>();
    entries.forEach(entry -> subject(entry).ifPresent(ids::add));
    return ids;
  }

  private static java.util.Optional<UUID> subject(Queue.Entry entry) {
    try {
      return entry.subjects().stream().findFirst().map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      return java.util.Optional.empty();
    }
  }

  private static JsonObject json(Queue.Entry entry, Map<UUID, String> names) {
    var job =
        new JsonObject()
            .put("id", Ids.text(entry.id()))
            .put("queue", entry.kind())
            .put("state", word(entry.state()))
            .put("subjects", new JsonArray(entry.subjects()))
            .put("asked_at", entry.askedAt().toString())
            .put("failures", entry.failures())
            .put("next_try_at", entry.nextTry().toString());
    subject(entry).map(names::get).ifPresent(name -> job.put("user", name));
    if (entry.reason() != null) {
      job.put("last_error", entry.reason());
    }
    return job;
  }

  private static void table(PrintWriter out, List<Queue.Entry> entries, Map<UUID, String> names) {
    if (entries.isEmpty()) {
      out.println("Nothing waits.");
      return;
    }
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of("ID", "QUEUE", "STATE", "ABOUT", "ASKED", "FAILURES", "NEXT TRY", "LAST ERROR"));
    for (var entry : entries) {
      rows.add(
          List.of(
              Ids.text(entry.id()),
              entry.kind(),
              word(entry.state()),
              about(entry, names),
              time(entry.askedAt()),
              String.valueOf(entry.failures()),
              entry.state() == Queue.State.RUNNING ? "now" : time(entry.nextTry()),
              entry.reason() == null ? "" : entry.reason()));
    }
    var widths =
        IntStream.range(0, rows.getFirst().size())
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /// The account, and what of it.
  private static String about(Queue.Entry entry, Map<UUID, String> names) {
    var words = new ArrayList<>(entry.subjects());
    subject(entry).map(names::get).ifPresent(name -> words.set(0, name));
    return String.join(" ", words).replaceAll("\\p{Cntrl}", "\uFFFD");
  }

  private static String word(Queue.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
