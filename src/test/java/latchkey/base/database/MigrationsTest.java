package latchkey.base.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import latchkey.base.crypto.Secret;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;

class MigrationsTest {
  @Test
  void an_empty_database_is_brought_up_once_and_a_newer_one_is_noticed()
      throws IOException, SQLException {
    try (var postgres = EmbeddedPostgres.start()) {
      var migrations = new Migrations(database(postgres.getJdbcUrl("postgres", "postgres")));
      int known = migrations.pending().size();

      assertThat(known).isPositive();
      assertThat(migrations.migrate()).isEqualTo(known);
      assertThat(migrations.pending()).isEmpty();
      assertThat(migrations.migrate()).isZero();
      assertThat(migrations.newerThanKnown()).isEmpty();

      pretendANewerReleaseWasHere(postgres);
      assertThat(migrations.newerThanKnown()).containsExactly("V9999 from tomorrow");
    }
  }

  @Test
  void a_database_that_is_away_is_an_exception_and_asking_again_is_allowed() {
    var migrations = new Migrations(database("jdbc:postgresql://127.0.0.1:1/x?connectTimeout=2"));

    assertThatThrownBy(migrations::pending).isInstanceOf(FlywayException.class);
    assertThatThrownBy(migrations::pending).isInstanceOf(FlywayException.class);
  }

  private static void pretendANewerReleaseWasHere(EmbeddedPostgres postgres) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          """
          INSERT INTO latchkey.flyway_schema_history
            (installed_rank, version, description, type, script, installed_by, execution_time, success)
          VALUES (9999, '9999', 'from tomorrow', 'SQL', 'V9999__from_tomorrow.sql', 'x', 1, true)
          """);
    }
  }

  private static DatabaseConfig database(String jdbcUrl) {
    return new DatabaseConfig(
        jdbcUrl,
        "postgres",
        Secret.of("postgres"),
        java.util.Map.of(),
        1,
        0,
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        null);
  }
}
