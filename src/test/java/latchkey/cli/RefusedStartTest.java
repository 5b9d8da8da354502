package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process, as it is shipped: what ends its start, with which exit code and words, and
/// what does not.
@Tag("slow")
class RefusedStartTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private DataSource database;
  private int port;
  private Process process;

  @BeforeEach
  void a_database_and_a_port() throws IOException {
    database = TestDatabase.fresh();
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
  }

  @AfterEach
  void the_process_ends() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void pending_migrations_under_no_migrate_end_the_start_and_name_the_verb() throws Exception {
    TestDatabase.execute(database, "drop schema latchkey cascade");

    refused("database migrate", "", "--no-migrate");
  }

  @Test
  void a_user_the_database_does_not_know_ends_the_start() throws Exception {
    refused("the database refuses us", uri("nobody"));
  }

  @Test
  void a_schema_of_a_newer_release_ends_the_start() throws Exception {
    TestDatabase.execute(
        database,
        """
        insert into latchkey.flyway_schema_history
               (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        values (999, '999', 'of tomorrow', 'SQL', 'V999__of_tomorrow.sql', 1, 'postgres', 1, true)
        """);

    refused("V999 of tomorrow", "");
  }

  @Test
  void a_mistake_in_a_rule_ends_the_start_with_file_line_and_reason() throws Exception {
    var rules = Files.createDirectory(folder.resolve("rules"));
    var file =
        Files.writeString(
            rules.resolve("client_registration.mine.yaml"),
            "rules:\n  - name: mine\n    when: nonsense\n    message: \"'no'\"\n");

    refused(
        file + ":3: when: undeclared reference to 'nonsense'",
        "latchkey: {policy: {path: '" + rules + "'}}\n");
  }

  @Test
  void what_nobody_foresaw_is_tried_again_until_it_passes() throws Exception {
    TestDatabase.execute(
        database,
        """
        create function latchkey.stumble() returns trigger language plpgsql as
          $$ begin raise exception 'nobody thought of this'; end $$;
        create trigger stumble before insert on latchkey.clients execute function latchkey.stumble();
        """);
    var log = start("");
    awaitLine(log, "nobody thought of this");
    assertThat(status("/health")).isEqualTo(200);
    assertThat(status("/health/ready")).isEqualTo(503);

    TestDatabase.execute(database, "drop trigger stumble on latchkey.clients");
    awaitLine(log, "latchkey  - ready");
    assertThat(status("/health/ready")).isEqualTo(200);

    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private void refused(String words, String configuration, String... options) throws Exception {
    var log = start(configuration, options);

    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(Files.readString(log)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(1);
    assertThat(Files.readString(log)).contains(words);
  }

  /// @param configuration YAML on top of a good one
  private Path start(String configuration, String... options) throws IOException {
    var base =
        Files.writeString(
            folder.resolve("base.yaml"),
            TestConfiguration.yaml(port, "", TestConfiguration.database(1), 5, "geheim"));
    var where = Files.writeString(folder.resolve("database.yaml"), uri("postgres"));
    var more = Files.writeString(folder.resolve("more.yaml"), configuration);
    var line = new ArrayList<>(List.of(Path.of("latchkey").toAbsolutePath().toString(), "server"));
    line.addAll(List.of(options));
    for (var file : List.of(base, where, more)) {
      line.addAll(List.of("-c", file.toString()));
    }
    var log = folder.resolve("log");
    var builder = new ProcessBuilder(line);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return log;
  }

  private String uri(String user) {
    var url = TestDatabase.configuration(database, user).jdbcUrl();
    return "database: {uri: '%s'}\n"
        .formatted(url.replace("jdbc:postgresql://", "postgresql://" + user + "@"));
  }

  private static void awaitLine(Path log, String words) throws Exception {
    for (int tries = 0; tries < 1200; tries++) {
      if (Files.readString(log).contains(words)) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("not said: " + words + "\n" + Files.readString(log));
  }

  private int status(String path) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
