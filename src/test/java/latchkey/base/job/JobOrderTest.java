package latchkey.base.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import org.junit.jupiter.api.Test;

/// Of two jobs about one user the later one has the last word, whoever asked for them.
class JobOrderTest {
  private static final String KIND = "set-display-name";
  private static final UUID ALICE = UUID.fromString("01900000-0000-7000-8000-000000000001");

  private final DataSource database = TestDatabase.fresh();
  private final Clock noon = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
  private final Jobs here = new Jobs(database, noon, new Ids(new Randomness()));
  private final Jobs there = new Jobs(database, noon, new Ids(new Randomness()));

  @Test
  void the_database_knows_which_of_two_replicas_asked_first_within_a_millisecond()
      throws Exception {
    for (int i = 0; i < 20; i++) {
      var earlier = scheduled(here, "Alice " + i);
      var later = scheduled(there, "Alicia " + i);

      assertThat(here.hasNewer(KIND, earlier, ALICE)).isTrue();
      assertThat(there.hasNewer(KIND, later, ALICE)).isFalse();
      assertThat(there.outdo(KIND, later, ALICE)).isTrue();
      assertThat(here.hasNewer(KIND, later, ALICE)).isFalse();
      TestDatabase.execute(database, "delete from latchkey.scheduled_tasks");
    }
  }

  @Test
  void the_same_about_somebody_else_is_another_matter() throws Exception {
    var earlier = scheduled(here, "Alice");
    here.schedule(KIND, UUID.fromString("01900000-0000-7000-8000-000000000002"), "Bob");
    here.schedule("provision-user", ALICE);

    assertThat(here.hasNewer(KIND, earlier, ALICE)).isFalse();
  }

  @Test
  void none_of_fifty_thousand_others_is_looked_at() throws Exception {
    TestDatabase.execute(
        database,
        """
        insert into latchkey.scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version)
        select '%s', lpad(n::text, 26, '0'), convert_to(gen_random_uuid() || chr(10) || 'x', 'UTF8'), now(), false, 1
          from generate_series(1, 50000) n
        """
            .formatted(KIND));
    var job = scheduled(here, "Alice");
    TestDatabase.execute(database, "analyze latchkey.scheduled_tasks");

    for (var sql : new String[] {Jobs.HAS_NEWER, Jobs.OUTDO}) {
      assertThat(plan(sql, job)).contains("scheduled_tasks_subject").doesNotContain("Seq Scan");
    }
    assertThat(here.outdo(KIND, job, ALICE)).isTrue();
  }

  private UUID scheduled(Jobs jobs, String name) throws SQLException {
    jobs.schedule(KIND, ALICE, name);
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select task_instance from latchkey.scheduled_tasks where convert_from(task_data, 'UTF8') = ?")) {
      statement.setString(1, ALICE + "\n" + name);
      try (var row = statement.executeQuery()) {
        row.next();
        return Ids.parse(row.getString(1)).orElseThrow();
      }
    }
  }

  private String plan(String sql, UUID job) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement("explain " + sql)) {
      Jobs.bind(statement, KIND, KIND, job, ALICE);
      if (sql.equals(Jobs.OUTDO)) {
        statement.setString(5, KIND);
      }
      try (var rows = statement.executeQuery()) {
        var lines = new StringBuilder();
        while (rows.next()) {
          lines.append(rows.getString(1)).append('\n');
        }
        return lines.toString();
      }
    }
  }
}
