package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @SuppressWarnings("NullAway.Init")
  private ShippedServer server;

  @BeforeEach
  void a_server() throws IOException {
    server = new ShippedServer(folder);
  }

  @AfterEach
  void it_ends() {
    server.close();
  }

  @Test
  void pending_migrations_under_no_migrate_end_the_start_and_name_the_verb() throws Exception {
    TestDatabase.execute(server.database(), "drop schema latchkey cascade");

    refused("database migrate", "", "--no-migrate");
  }

  @Test
  void a_user_the_database_does_not_know_ends_the_start() throws Exception {
    refused("the database refuses us", server.databaseFor("nobody"));
  }

  @Test
  void a_schema_of_a_newer_release_ends_the_start() throws Exception {
    TestDatabase.execute(
        server.database(),
        """
        insert into latchkey.flyway_schema_history
               (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        values (999, '999', 'of tomorrow', 'SQL', 'V999__of_tomorrow.sql', 1, 'postgres', 1, true)
        """);

    refused("V999 of tomorrow", "");
  }

  @Test
  void token_keys_that_do_not_fit_end_the_start_before_the_schema_is_touched() throws Exception {
    TestDatabase.execute(
        server.database(),
        """
        delete from latchkey.flyway_schema_history
         where installed_rank = (select max(installed_rank) from latchkey.flyway_schema_history);
        insert into latchkey.token_keys (id, check_value, first_seen_at) values (1, '\\x00', now());
        """);

    refused(
        "token key 1 is not the one this database knows",
        "latchkey: {token_keys: [{id: 1, secret: one-of-thirty-two-characters-or-more}]}\n");

    assertThat(server.said()).doesNotContain("migrat");
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
        server.database(),
        """
        create function latchkey.stumble() returns trigger language plpgsql as
          $$ begin raise exception 'nobody thought of this'; end $$;
        create trigger stumble before insert on latchkey.clients execute function latchkey.stumble();
        """);
    server.start("");
    server.awaitLine("nobody thought of this");
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
    assertThat(server.get("/health/ready").statusCode()).isEqualTo(503);

    TestDatabase.execute(server.database(), "drop trigger stumble on latchkey.clients");
    server.awaitLine("latchkey  - ready");
    assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);

    server.signal("TERM");
    assertThat(server.awaitExit()).isZero();
  }

  private void refused(String words, String configuration, String... options) throws Exception {
    server.start(configuration, options);

    assertThat(server.awaitExit()).as(server.said()).isEqualTo(1);
    assertThat(server.said()).contains(words);
  }
}
