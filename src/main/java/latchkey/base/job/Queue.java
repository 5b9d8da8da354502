package latchkey.base.job;

import com.github.kagkarlsson.scheduler.task.Execution;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import latchkey.base.system.Ids;
import org.jspecify.annotations.Nullable;

/// The queue as an admin sees it: what waits, why, and hurrying or dropping it. Housekeeping, which
/// comes round by itself, is not in it. Plain JDBC, one statement a call, so that it works without
/// the server.
public final class Queue {
  /// Housekeeping has this in place of an id.
  private static final String ID = "task_instance <> 'recurring'";

  private static final String AMONG =
      "(task_name, task_instance) in (select * from unnest(?::text[], ?::text[]))";

  private static final int UUID_LENGTH = 36;

  /// How far a job is.
  public enum State {
    /// Not tried yet.
    WAITING("not picked and coalesce(consecutive_failures, 0) = 0"),
    /// A server is at it.
    RUNNING("picked"),
    /// Tried, and to be tried again.
    FAILING("not picked and coalesce(consecutive_failures, 0) > 0");

    private final String condition;

    State(String condition) {
      this.condition = condition;
    }
  }

  /// One job.
  ///
  /// @param subjects the ids of rows, users or devices it is about
  /// @param nextTry when it is due; of one that runs, when it was
  /// @param reason why it failed last; null if it has not
  public record Entry(
      UUID id,
      String kind,
      State state,
      List<String> subjects,
      int failures,
      Instant nextTry,
      @Nullable String reason) {
    public Entry {
      subjects = List.copyOf(subjects);
    }

    /// When it was asked for.
    public Instant askedAt() {
      return Ids.time(id);
    }
  }

  /// Which jobs are meant; what is null or empty leaves the choice open.
  ///
  /// @param subject the first id of those it is about, mostly a user's
  public record Choice(
      List<UUID> ids, @Nullable String kind, @Nullable State state, @Nullable UUID subject) {
    public Choice {
      ids = List.copyOf(ids);
    }

    /// Whether it means every job there is.
    public boolean isEverything() {
      return ids.isEmpty() && kind == null && state == null && subject == null;
    }

    private String condition() {
      return ID
          + (ids.isEmpty() ? "" : " and task_instance = any (?)")
          + (kind == null ? "" : " and task_name = ?")
          + (state == null ? "" : " and " + state.condition)
          + (subject == null ? "" : " and substring(task_data from 1 for 36) = ?");
    }

    private int fill(PreparedStatement statement, int from) throws SQLException {
      int at = from;
      if (!ids.isEmpty()) {
        var texts = ids.stream().flatMap(id -> Stream.of(Ids.text(id), id.toString())).toArray();
        statement.setArray(at++, statement.getConnection().createArrayOf("text", texts));
      }
      if (kind != null) {
        statement.setString(at++, kind);
      }
      if (subject != null) {
        statement.setBytes(at++, subject.toString().getBytes(StandardCharsets.US_ASCII));
      }
      return at;
    }
  }

  /// What waits of one kind.
  ///
  /// @param failing how many of them have failed at least once
  public record Depth(String kind, long count, long failing, Instant oldest) {}

  private final DataSource database;
  private final Clock clock;

  public Queue(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// The chosen jobs, the oldest first.
  public List<Entry> list(Choice choice, int limit) throws SQLException {
    var sql =
        """
        select task_instance, task_name, task_data, picked, coalesce(consecutive_failures, 0) as failures,
               execution_time, last_error
          from latchkey.scheduled_tasks where %s order by task_instance limit ?
        """
            .formatted(choice.condition());
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      int at = choice.fill(statement, 1);
      statement.setInt(at, limit);
      try (var rows = statement.executeQuery()) {
        var entries = new ArrayList<Entry>();
        while (rows.next()) {
          entries.add(entry(rows));
        }
        return entries;
      }
    }
  }

  /// The id in a row's words. Jobs of withdrawn keys once had theirs in the database's own
  /// spelling, and such rows may wait still.
  static Optional<UUID> id(String instance) {
    var id = Ids.parse(instance);
    if (id.isPresent() || instance.length() != UUID_LENGTH) {
      return id;
    }
    try {
      return Optional.of(UUID.fromString(instance));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Entry entry(ResultSet row) throws SQLException {
    int failures = row.getInt("failures");
    var state =
        row.getBoolean("picked") ? State.RUNNING : failures > 0 ? State.FAILING : State.WAITING;
    var id = id(row.getString("task_instance")).orElse(new UUID(0, 0));
    var data = row.getBytes("task_data");
    return new Entry(
        id,
        row.getString("task_name"),
        state,
        data == null ? List.of() : Jobs.decode(data),
        failures,
        row.getTimestamp("execution_time").toInstant(),
        row.getString("last_error"));
  }

  public long count(Choice choice) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select count(*) from latchkey.scheduled_tasks where " + choice.condition())) {
      choice.fill(statement, 1);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /// Makes the chosen jobs due now, except those that run; how many they were.
  public int retry(Choice choice) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "update latchkey.scheduled_tasks set execution_time = least(execution_time, ?) where not picked and "
                    + choice.condition())) {
      statement.setTimestamp(1, Timestamp.from(clock.instant()));
      choice.fill(statement, 2);
      return statement.executeUpdate();
    }
  }

  /// Jobs as they were when somebody looked: each one's name and kind, in the same order.
  public record Found(List<String> instances, List<String> kinds) {
    public Found {
      instances = List.copyOf(instances);
      kinds = List.copyOf(kinds);
    }
  }

  public Found find(Choice choice) throws SQLException {
    var instances = new ArrayList<String>();
    var kinds = new ArrayList<String>();
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select task_instance, task_name from latchkey.scheduled_tasks where "
                    + choice.condition())) {
      choice.fill(statement, 1);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          instances.add(rows.getString(1));
          kinds.add(rows.getString(2));
        }
      }
    }
    return new Found(instances, kinds);
  }

  /// Removes these jobs, except those that run; how many they were.
  public int drop(Found found) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "delete from latchkey.scheduled_tasks where not picked and " + AMONG)) {
      fill(statement, found);
      return statement.executeUpdate();
    }
  }

  /// How many of them are still there.
  public long count(Found found) throws SQLException {
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select count(*) from latchkey.scheduled_tasks where " + AMONG)) {
      fill(statement, found);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static void fill(PreparedStatement statement, Found found) throws SQLException {
    var connection = statement.getConnection();
    statement.setArray(1, connection.createArrayOf("text", found.kinds().toArray()));
    statement.setArray(2, connection.createArrayOf("text", found.instances().toArray()));
  }

  /// Makes jobs due that have failed and wait for their next try; how many they were.
  int bringForward(List<String> kinds) {
    var sql =
        """
        update latchkey.scheduled_tasks set execution_time = ?
         where task_name = any (?) and not picked and consecutive_failures > 0 and execution_time > ?
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      var now = Timestamp.from(clock.instant());
      statement.setTimestamp(1, now);
      statement.setArray(2, connection.createArrayOf("text", kinds.toArray()));
      statement.setTimestamp(3, now);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("jobs could not be brought forward", e);
    }
  }

  /// Gives back a job that runs, as if it had not been tried.
  void postpone(Execution execution, Instant until) {
    var sql =
        """
        update latchkey.scheduled_tasks
           set picked = false, picked_by = null, last_heartbeat = null, execution_time = ?, version = version + 1
         where task_name = ? and task_instance = ? and version = ? and picked
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setTimestamp(1, Timestamp.from(until));
      statement.setString(2, execution.taskInstance.getTaskName());
      statement.setString(3, execution.taskInstance.getId());
      statement.setLong(4, execution.version);
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("a job could not be put off", e);
    }
  }

  /// Notes why a job failed.
  void failed(String kind, String instance, String reason) {
    var sql =
        "update latchkey.scheduled_tasks set last_error = ? where task_name = ? and task_instance = ?";
    try (Connection connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, reason);
      statement.setString(2, kind);
      statement.setString(3, instance);
      statement.executeUpdate();
    } catch (SQLException e) {
      // The log has it.
    }
  }

  /// How much waits of each kind that does.
  public List<Depth> depths() throws SQLException {
    var sql =
        """
        select task_name, count(*), count(*) filter (where consecutive_failures > 0),
               min(task_instance) filter (where length(task_instance) <> 36),
               min(task_instance) filter (where length(task_instance) = 36)
          from latchkey.scheduled_tasks where %s group by task_name
        """
            .formatted(ID);
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql);
        var rows = statement.executeQuery()) {
      var depths = new ArrayList<Depth>();
      while (rows.next()) {
        var oldest =
            Stream.of(
                    Optional.ofNullable(rows.getString(4)), Optional.ofNullable(rows.getString(5)))
                .flatMap(Optional::stream)
                .flatMap(instance -> id(instance).stream())
                .map(Ids::time)
                .min(Comparator.naturalOrder())
                .orElseGet(clock::instant);
        depths.add(new Depth(rows.getString(1), rows.getLong(2), rows.getLong(3), oldest));
      }
      return depths;
    }
  }
}
