package latchkey.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.world.Cable;
import latchkey.world.Postgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `config check --database`, against real databases.
class DatabaseCheckTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void a_database_that_is_ready_is_good() throws IOException {
    var run = check(TestDatabase.uri(TestDatabase.fresh()));

    assertThat(run.exit()).isZero();
    assertThat(run.err()).contains("The configuration is good.").doesNotContain("the database: ");
  }

  @Test
  void pending_migrations_are_named_and_not_run() throws IOException {
    var database = TestDatabase.empty();

    var run = check(TestDatabase.uri(database));

    assertThat(run.exit()).isZero();
    assertThat(run.err())
        .contains("warning: the database: migrations are pending", "V1 first light");
    assertThat(schemas(database)).isZero();
  }

  @Test
  void a_schema_of_a_newer_release_is_told() throws IOException {
    var database = TestDatabase.fresh();
    TestDatabase.execute(
        database,
        """
        insert into latchkey.flyway_schema_history
               (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        values (999, '999', 'of tomorrow', 'SQL', 'V999__of_tomorrow.sql', 1, 'postgres', 1, true)
        """);

    bad(TestDatabase.uri(database), "a newer release has been at this database: V999 of tomorrow");
  }

  @Test
  void wrong_credentials_and_a_missing_database_are_told_apart() throws IOException {
    var uri = TestDatabase.uri(TestDatabase.empty());

    bad(uri.replace("postgres:postgres@", "nobody:geheim@"), "it refuses these credentials: ");
    bad(uri.replaceFirst("/test\\d+", "/nowhere"), "there is no such database: ");
  }

  @Test
  void a_user_who_may_not_create_the_schema_is_told_what_to_grant() throws IOException {
    var database = TestDatabase.empty();
    TestDatabase.execute(
        database,
        "do $$ begin create role poor login password 'geheim'; exception when duplicate_object"
            + " then null; end $$");

    bad(
        TestDatabase.uri(database).replace("postgres:postgres@", "poor:geheim@"),
        "grant create on the database");
  }

  @Test
  void a_database_that_takes_no_writes_is_told() throws IOException {
    var database = TestDatabase.fresh();
    TestDatabase.execute(
        database,
        "do $$ begin execute format('alter database %I set default_transaction_read_only = on',"
            + " current_database()); end $$");

    bad(TestDatabase.uri(database), "connections are read-only here");
  }

  @Test
  @Tag("slow")
  void a_standby_is_told_from_a_primary() throws IOException, SQLException {
    try (var primary = Postgres.start();
        var wire = new Cable(primary.port());
        var standby = primary.standby(wire)) {
      bad(
          "postgresql://postgres@127.0.0.1:" + standby.port() + "/postgres",
          "this is a read-only standby; name the primary");
    }
  }

  @Test
  void nobody_there_and_somebody_else_there_are_told_apart() throws IOException {
    bad("postgresql://u:geheim@127.0.0.1:1/x", "it cannot be reached: ");

    try (var web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAsAWebServer(web));
      bad(
          "postgresql://u:geheim@127.0.0.1:" + web.getLocalPort() + "/x?sslmode=disable",
          "does not speak as a PostgreSQL does");
    }
  }

  private static void answerAsAWebServer(ServerSocket web) {
    try (var connection = web.accept()) {
      connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
      // Until the other side has had enough.
      connection.getInputStream().readAllBytes();
    } catch (IOException e) {
      // it has
    }
  }

  @Test
  void without_being_asked_nobody_looks_at_the_database() throws IOException {
    var file = file("postgresql://u:geheim@127.0.0.1:1/x");

    assertThat(CommandLineRun.of("config", "check", "-c", file.toString()).exit()).isZero();
  }

  private void bad(String uri, String words) throws IOException {
    var run = check(uri);

    assertThat(run.exit()).as(run.err()).isEqualTo(1);
    assertThat(run.err())
        .contains("error: the database: ", words)
        .doesNotContain("geheim", "Exception", "is good");
  }

  private CommandLineRun check(String uri) throws IOException {
    return CommandLineRun.of("config", "check", "--database", "-c", file(uri).toString());
  }

  private Path file(String uri) throws IOException {
    return Files.writeString(
        folder.resolve("config.yaml"), SmallConfiguration.with("database: {uri: '" + uri + "'}\n"));
  }

  private static long schemas(DataSource database) {
    return TestDatabase.number(
        database, "select count(*) from pg_namespace where nspname = 'latchkey'");
  }
}
