package latchkey.base.job;

import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import latchkey.base.system.Ids;

/// Puts jobs into the queue, in the caller's transaction if there is one. Each job has an id of its
/// own: db-scheduler silently refuses an id that exists, even while its job runs.
@Singleton
public class Jobs {
  /// Between the ids of a payload; no id holds it.
  private static final String SEPARATOR = "\n";

  private static final int BATCH = 1000;

  private static final String INSERT =
      """
      insert into latchkey.scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version)
      values (?, ?, ?, ?, false, 1)
      """;

  static final String HAS_NEWER =
      """
      select exists (select from latchkey.scheduled_tasks
       where substring(task_data from 1 for 36) = ? and task_name = ?
         and sequence > coalesce(
           (select sequence from latchkey.scheduled_tasks where task_name = ? and task_instance = ?), 0))
      """;

  static final String HAS_EARLIER =
      """
      select exists (select from latchkey.scheduled_tasks
       where substring(task_data from 1 for 36) = ? and task_name = ?
         and sequence < (select sequence from latchkey.scheduled_tasks where task_name = ? and task_instance = ?))
      """;

  static final String OUTDO =
      """
      with earlier as (
        select task_instance from latchkey.scheduled_tasks
         where substring(task_data from 1 for 36) = ? and task_name = ?
           and sequence < (select sequence from latchkey.scheduled_tasks where task_name = ? and task_instance = ?)),
      dropped as (
        delete from latchkey.scheduled_tasks
         where task_name = ? and task_instance in (select task_instance from earlier) and not picked
        returning 1)
      select (select count(*) from earlier) = (select count(*) from dropped)
      """;

  private final DataSource database;
  private final Clock clock;
  private final Ids ids;
  private final Consumer<String> wake;

  @Inject
  Jobs(DataSource database, Clock clock, Ids ids, Event<Scheduled> scheduled) {
    this(database, clock, ids, kind -> scheduled.fire(new Scheduled(kind)));
  }

  /// For the command line: a running server finds its jobs at the next poll.
  public Jobs(DataSource database, Clock clock, Ids ids) {
    this(database, clock, ids, _ -> {});
  }

  private Jobs(DataSource database, Clock clock, Ids ids, Consumer<String> wake) {
    this.database = database;
    this.clock = clock;
    this.ids = ids;
    this.wake = wake;
  }

  /// A job was scheduled; it can be seen once the transaction is committed.
  record Scheduled(String kind) {}

  /// Schedules a job for now. `payload` holds ids of rows, users or devices, never secrets.
  public void schedule(String kind, Object... payload) {
    try (var connection = database.getConnection()) {
      schedule(connection, kind, payload);
      wake.accept(kind);
    } catch (SQLException e) {
      throw new IllegalStateException("a job could not be scheduled", e);
    }
  }

  /// The same on a connection whose transaction the caller minds.
  public void schedule(Connection connection, String kind, Object... payload) throws SQLException {
    try (var statement = connection.prepareStatement(INSERT)) {
      fill(statement, kind, payload);
      statement.executeUpdate();
    }
  }

  /// A job for each of many, in the caller's transaction.
  public void scheduleEach(Connection connection, String kind, Iterable<?> subjects)
      throws SQLException {
    try (var statement = connection.prepareStatement(INSERT)) {
      int gathered = 0;
      for (var subject : subjects) {
        fill(statement, kind, subject);
        statement.addBatch();
        if (++gathered % BATCH == 0) {
          statement.executeBatch();
        }
      }
      statement.executeBatch();
    }
  }

  private void fill(PreparedStatement statement, String kind, Object... payload)
      throws SQLException {
    var now = clock.instant();
    statement.setString(1, kind);
    statement.setString(2, Ids.text(ids.next(now)));
    statement.setBytes(3, encode(payload));
    statement.setTimestamp(4, Timestamp.from(now));
  }

  /// Jobs that wait and would do the same as the one that runs. Ask before reading what is true:
  /// whatever is in the list was committed by then, so acting on what is read covers it. One that
  /// comes later is not in it and runs.
  public Twins waitingTwins(String kind, Object... payload) throws SQLException {
    var sql =
        """
        select task_instance from latchkey.scheduled_tasks
         where substring(task_data from 1 for 36) = substring(? from 1 for 36)
           and task_name = ? and task_data = ? and not picked
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      var data = encode(payload);
      statement.setBytes(1, data);
      statement.setString(2, kind);
      statement.setBytes(3, data);
      try (var rows = statement.executeQuery()) {
        var instances = new ArrayList<String>();
        while (rows.next()) {
          instances.add(rows.getString(1));
        }
        return new Twins(kind, instances);
      }
    }
  }

  /// Jobs that somebody else's success has made needless.
  public record Twins(String kind, List<String> instances) {
    public Twins {
      instances = List.copyOf(instances);
    }
  }

  /// Removes them, except those that have started meanwhile.
  public void drop(Twins twins) throws SQLException {
    if (twins.instances().isEmpty()) {
      return;
    }
    var sql =
        """
        delete from latchkey.scheduled_tasks where task_name = ? and task_instance = any (?) and not picked
        """;
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, twins.kind());
      statement.setArray(2, connection.createArrayOf("text", twins.instances().toArray()));
      statement.executeUpdate();
    }
  }

  /// Whether a job of this kind about the same subject that was asked for later waits or runs: then
  /// that one has the last word. The database says which was later, whoever asked for them. To a
  /// job that has left the queue, as one does that another replica took over, every other is later.
  public boolean hasNewer(String kind, UUID job, UUID subject) throws SQLException {
    return ask(HAS_NEWER, kind, kind, job, subject);
  }

  /// Whether a job of this kind about the same subject that was asked for before waits or runs.
  ///
  /// @param kind of the earlier one
  /// @param ownKind of the one that asks
  public boolean hasEarlier(String kind, String ownKind, UUID job, UUID subject)
      throws SQLException {
    return ask(HAS_EARLIER, kind, ownKind, job, subject);
  }

  private boolean ask(String sql, String kind, String ownKind, UUID job, UUID subject)
      throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      bind(statement, kind, ownKind, job, subject);
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /// Removes earlier jobs of this kind about the same subject, which this one outdoes. False if one
  /// of them runs: whoever asks then comes again later, so that the earlier one still finds a
  /// newer.
  public boolean outdo(String kind, UUID job, UUID subject) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(OUTDO)) {
      bind(statement, kind, kind, job, subject);
      statement.setString(5, kind);
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  static void bind(PreparedStatement statement, String kind, String ownKind, UUID job, UUID subject)
      throws SQLException {
    statement.setBytes(1, encode(subject));
    statement.setString(2, kind);
    statement.setString(3, ownKind);
    statement.setString(4, Ids.text(job));
  }

  static List<String> decode(byte[] payload) {
    return Arrays.stream(new String(payload, StandardCharsets.UTF_8).split(SEPARATOR, -1))
        .map(Jobs::unescaped)
        .toList();
  }

  private static byte[] encode(Object... payload) {
    var parts = Arrays.stream(payload).map(part -> escaped(String.valueOf(part))).toList();
    return String.join(SEPARATOR, parts).getBytes(StandardCharsets.UTF_8);
  }

  /// Other homeservers gave devices ids of any characters.
  private static String escaped(String part) {
    return part.replace("\\", "\\\\").replace(SEPARATOR, "\\n");
  }

  private static String unescaped(String part) {
    if (part.indexOf('\\') < 0) {
      return part;
    }
    var text = new StringBuilder(part.length());
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c != '\\' || i + 1 == part.length()) {
        text.append(c);
      } else {
        char next = part.charAt(++i);
        text.append(next == 'n' ? '\n' : next);
      }
    }
    return text.toString();
  }
}
