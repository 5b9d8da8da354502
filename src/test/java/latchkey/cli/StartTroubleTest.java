package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.Migrations;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Real failures of a real database, not those one imagines.
class StartTroubleTest {
  private static DataSource database;

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @Test
  void a_database_that_is_not_there_is_waited_for() {
    var nowhere = TestDatabase.configuration("jdbc:postgresql://127.0.0.1:1/x", "postgres");

    assertThat(trouble(nowhere)).isInstanceOf(StartTrouble.Wait.class);
  }

  @Test
  void too_many_clients_are_waited_for_until_some_leave() {
    TestDatabase.execute(database, "create role crowded login connection limit 0");

    var trouble = trouble(TestDatabase.configuration(database, "crowded"));

    assertThat(trouble).isInstanceOf(StartTrouble.Wait.class);
    assertThat(trouble.toString()).contains("too many connections");
  }

  @Test
  void a_user_the_database_does_not_know_ends_the_start() {
    var trouble = trouble(TestDatabase.configuration(database, "nobody"));

    assertThat(trouble).isInstanceOf(StartTrouble.Refuse.class);
    assertThat(trouble.toString()).contains("the database refuses us", "nobody");
  }

  @Test
  void a_database_that_does_not_exist_ends_the_start() {
    var url = TestDatabase.configuration(database, "postgres").jdbcUrl() + "x";

    assertThat(trouble(TestDatabase.configuration(url, "postgres")))
        .isInstanceOf(StartTrouble.Refuse.class);
  }

  @Test
  void a_history_that_is_not_ours_ends_the_start() {
    var tampered = TestDatabase.fresh();
    TestDatabase.execute(tampered, "update latchkey.flyway_schema_history set checksum = 1");

    var trouble = trouble(TestDatabase.configuration(tampered, "postgres"));

    assertThat(trouble).isInstanceOf(StartTrouble.Refuse.class);
    assertThat(trouble.toString()).contains("cannot be migrated");
  }

  @Test
  void what_nobody_thought_of_is_tried_again_with_its_stack() {
    var bug = new IllegalStateException("a bug");

    assertThat(StartTrouble.of(bug)).isEqualTo(new StartTrouble.Unforeseen(bug));
  }

  @Test
  void what_a_wrapper_hides_is_judged_by_what_the_database_said() {
    var hidden = new IllegalStateException("not synced", new SQLException("bye", "57P01"));

    assertThat(StartTrouble.of(hidden)).isEqualTo(new StartTrouble.Wait("bye"));
  }

  @Test
  void only_news_and_every_half_minute_is_said() {
    var wait = new StartTrouble.Wait("not there");

    assertThat(wait.isLike(null)).isFalse();
    assertThat(wait.isLike(new StartTrouble.Wait("nor there"))).isTrue();
    assertThat(new StartTrouble.Unforeseen(new IllegalStateException()).isLike(wait)).isFalse();
  }

  private static StartTrouble trouble(DatabaseConfig config) {
    var migrations = new Migrations(config);
    return StartTrouble.of(
        catchThrowableOfType(RuntimeException.class, () -> migrations.migrate()));
  }
}
