package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `config sync`, beside no server.
@Tag("slow")
class ConfigSyncTest {
  private static final String ONE = "01KB0000000000000000000001";
  private static final String TWO = "01KB0000000000000000000002";
  private static final String BOTH =
      """
      clients:
        - client_id: 01KB0000000000000000000001
          client_auth_method: client_secret_basic
          client_secret: geheim
          redirect_uris: ['https://one.example/cb']
        - client_id: 01KB0000000000000000000002
          client_auth_method: private_key_jwt
          jwks: {keys: [{kty: EC, crv: P-256, x: MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4, y: 4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM}]}
      """;
  private static final String NONE = "clients: []\n";

  private static DataSource database;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @BeforeEach
  void nothing_in_it() {
    TestDatabase.execute(
        database,
        "delete from latchkey.oauth_sessions; delete from latchkey.clients; delete from"
            + " latchkey.users; delete from latchkey.scheduled_tasks; delete from"
            + " latchkey.lost_sessions");
  }

  @Test
  void clients_are_added_once_and_then_are_as_they_should_be() throws IOException {
    assertThat(sync(BOTH).err())
        .contains("client " + ONE + ": added", "client " + TWO + ": added")
        .doesNotContain("geheim");
    var before =
        TestDatabase.number(database, "select sum(xmin::text::bigint) from latchkey.clients");

    assertThat(sync(BOTH).err())
        .contains(ONE + ": is as it should be", TWO + ": is as it should be");

    assertThat(clients("is_static and (encrypted_client_secret is null) = (jwks is not null)"))
        .isEqualTo(2);
    assertThat(
            TestDatabase.number(database, "select sum(xmin::text::bigint) from latchkey.clients"))
        .as("no row is written again")
        .isEqualTo(before);
  }

  @Test
  void what_changed_in_the_configuration_changes_in_the_database() throws IOException {
    sync(BOTH);

    var run = sync(BOTH.replace("geheim", "geheimer").replace("[{kty", "[{kid: k, kty"));

    assertThat(run.err()).contains(ONE + ": updated", TWO + ": updated");
    assertThat(clients("jwks -> 'keys' -> 0 ->> 'kid' = 'k'")).isEqualTo(1);
  }

  @Test
  void a_client_that_left_the_configuration_stays_until_it_is_pruned() throws IOException {
    sync(BOTH);
    // Another that registered itself is nobody's business here.
    TestDatabase.execute(
        database,
        "insert into latchkey.clients (id, token_endpoint_auth_method, created_at) values"
            + " (gen_random_uuid(), 'none', now())");

    assertThat(sync(NONE).err())
        .contains(ONE + ": is not in the configuration; --prune deletes it");
    assertThat(clients("is_static")).isEqualTo(2);

    assertThat(sync(NONE, "--prune").err())
        .contains(ONE + ": deleted, and with it 0 live sessions");
    assertThat(clients("is_static")).isZero();
    assertThat(clients("true")).isEqualTo(1);
  }

  @Test
  void pruning_ends_live_sessions_says_how_many_and_takes_their_devices_away() throws IOException {
    sync(BOTH);
    someSessions();

    var run = sync(BOTH.substring(0, BOTH.indexOf("  - client_id: " + TWO)), "--prune");

    assertThat(run.err()).contains(TWO + ": deleted, and with it 2 live sessions");
    assertThat(number("select count(*) from latchkey.oauth_sessions"))
        .as("those of the other")
        .isEqualTo(1);
    assertThat(
            number(
                "select count(*) from latchkey.scheduled_tasks where task_name = 'delete-device'"))
        .isEqualTo(2);
    assertThat(number("select count(*) from latchkey.lost_sessions where deleted_at is not null"))
        .as("whose tokens are dead, and nothing was lost")
        .isEqualTo(3);
  }

  @Test
  void a_dry_run_says_it_all_and_does_nothing() throws IOException {
    assertThat(sync(BOTH, "--dry-run").err()).contains(ONE + ": would be added", "dry run");
    assertThat(clients("true")).isZero();

    sync(BOTH);
    someSessions();

    assertThat(sync(NONE, "--prune", "--dry-run").err())
        .contains(TWO + ": would be deleted, and with it 2 live sessions");
    assertThat(clients("true")).isEqualTo(2);
    assertThat(number("select count(*) from latchkey.oauth_sessions where finished_at is null"))
        .isEqualTo(3);
    assertThat(number("select count(*) from latchkey.scheduled_tasks")).isZero();
  }

  @Test
  void several_at_once_take_turns() throws Exception {
    var runs = new ArrayList<Future<CommandLineRun>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        var name = "at-once-" + i + ".yaml";
        runs.add(executor.submit(() -> syncFrom(name, BOTH)));
      }
    }

    for (var run : runs) {
      assertThat(run.get().exit()).as(run.get().err()).isZero();
    }
    assertThat(clients("is_static")).isEqualTo(2);
  }

  @Test
  void an_empty_database_is_brought_up_to_date_first() throws IOException {
    var empty = TestDatabase.empty();

    var run = CommandLineRun.of("config", "sync", "-c", file("empty.yaml", empty, BOTH).toString());

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(TestDatabase.number(empty, "select count(*) from latchkey.clients")).isEqualTo(2);
  }

  @Test
  void a_fault_in_a_section_it_writes_changes_nothing_and_one_elsewhere_does_not_matter()
      throws IOException {
    assertThat(sync(BOTH + "email: {from: me}\n").exit()).isZero();

    var run = sync(BOTH.replace("client_secret: geheim", "client_name: 1"), "--prune");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("clients[0].client_secret: ", "clients[0].client_name: ");
    assertThat(clients("is_static")).isEqualTo(2);
  }

  /// Two live ones and one that is over with the second client, and a live one with the first.
  private static void someSessions() {
    TestDatabase.execute(
        database,
        """
        insert into latchkey.users (id, username, created_at)
        values ('00000000-0000-0000-0000-000000000001', 'alice', now());
        insert into latchkey.oauth_sessions (id, client_id, user_id, scope, device_id, created_at, opened_at,
               finished_at, finished_reason, nonce, issued_at, access_ttl, token_key)
        select gen_random_uuid(), c.id, '00000000-0000-0000-0000-000000000001', 'openid', c.id || 'D' || n, now(), now(),
               case n when 3 then now() end, case n when 3 then 'revoked' end, n, now(), 300, 1
          from (select id, row_number() over (order by id) as place from latchkey.clients) c,
               generate_series(1, 3) n
         where c.place = 2 or n = 1;
        """);
  }

  private CommandLineRun sync(String clients, String... options) throws IOException {
    return syncFrom("config.yaml", clients, options);
  }

  private CommandLineRun syncFrom(String name, String clients, String... options)
      throws IOException {
    var line =
        new ArrayList<>(List.of("config", "sync", "-c", file(name, database, clients).toString()));
    line.addAll(List.of(options));
    return CommandLineRun.of(line.toArray(String[]::new));
  }

  private Path file(String name, DataSource target, String clients) throws IOException {
    var text = clients + "database: {uri: '" + TestDatabase.uri(target) + "'}\n";
    return Files.writeString(folder.resolve(name), SmallConfiguration.with(text));
  }

  private static long clients(String which) {
    return number("select count(*) from latchkey.clients where " + which);
  }

  private static long number(String sql) {
    return TestDatabase.number(database, sql);
  }
}
