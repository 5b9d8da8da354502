package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.user.UserAccountRepository;
import latchkey.domain.user.UserAccountRepository.NewUser;
import latchkey.world.MovableClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an admin does on the command line can be seen later, as what people do on pages can.
class AuditedVerbsTest {
  private static final UUID NIO = Ids.parse("01KB0000000000000000000002").orElseThrow();

  private final DataSource database = TestDatabase.fresh();
  private UUID alice;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private record Event(String kind, JsonObject details) {}

  @BeforeEach
  void alice_has_an_app_password_and_a_session_with_it() throws SQLException {
    var ids = new Ids(new Randomness());
    alice =
        new UserAccountRepository(database, new MovableClock(), ids)
            .register(new NewUser("alice", null, List.of(), true, null));
    TestDatabase.execute(
        database,
        """
        insert into latchkey.app_passwords (id, user_id, name, digest, created_at)
        values ('%1$s', '%2$s', 'Nio', sha256(convert_to('%1$s', 'UTF8')), now());
        insert into latchkey.oauth_sessions (kind, id, user_id, scope, device_id, app_password_id, created_at, opened_at, nonce, issued_at, token_key)
        values ('compat', gen_random_uuid(), '%2$s', 'openid', 'PHONE', '%1$s', now(), now(), 1, now(), 1)
        """
            .formatted(NIO, alice));
  }

  @Test
  void every_verb_that_ends_or_changes_something_leaves_an_event() throws Exception {
    assertThat(event(new String[0]))
        .isEqualTo(new Event("user_registered", by().put("username", "alice").put("admin", true)));
    assertThat(event("set-password", "--ignore-complexity", "alice", "geheim"))
        .isEqualTo(new Event("password_set", by()));
    assertThat(event("revoke-app-password", "alice", "--all"))
        .isEqualTo(
            new Event(
                "app_password_revoked",
                by().put("app_password_id", Ids.text(NIO)).put("sessions_ended", 1)));
    assertThat(event("kill-sessions", "alice"))
        .isEqualTo(new Event("sessions_ended", by().put("sessions_ended", 0)));
    assertThat(event("lock-user", "alice")).isEqualTo(new Event("user_locked", by()));
    assertThat(event("unlock-user", "alice")).isEqualTo(new Event("user_unlocked", by()));
    assertThat(event("lock-user", "--deactivate", "alice"))
        .isEqualTo(
            new Event("user_deactivated", by().put("erase", false).put("sessions_ended", 0)));
    assertThat(event("unlock-user", "--reactivate", "alice"))
        .isEqualTo(new Event("user_reactivation_asked", by()));
  }

  @Test
  void a_loss_that_was_accepted_is_nobodys_event() throws Exception {
    TestDatabase.execute(database, "delete from latchkey.audit_events");

    run("accept-loss");

    assertThat(kinds()).containsExactly("loss_accepted");
  }

  @Test
  void so_do_those_about_everybody_and_about_jobs() throws Exception {
    TestDatabase.execute(database, "delete from latchkey.audit_events");

    run("provision-all-users");
    runAny("jobs", "retry", "--all");
    runAny("jobs", "drop", "--all", "--yes");

    assertThat(kinds()).containsExactly("all_users_provisioned", "jobs_retried", "jobs_dropped");
  }

  @Test
  void what_changes_nothing_leaves_none() throws Exception {
    TestDatabase.execute(database, "delete from latchkey.audit_events");

    run("kill-sessions", "--dry-run", "alice");
    run("list-app-passwords", "alice");
    run("revoke-app-password", "alice", Ids.text(alice));

    assertThat(kinds()).isEmpty();
  }

  /// The one event about alice that the verb leaves; without a verb, the one that is there.
  private Event event(String... verb) throws IOException, SQLException {
    if (verb.length > 0) {
      TestDatabase.execute(database, "delete from latchkey.audit_events");
      run(verb);
    }
    assertThat(kinds()).as(String.join(" ", verb)).hasSize(1);
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "select kind, details from latchkey.audit_events where user_id = ?")) {
      statement.setObject(1, alice);
      try (var row = statement.executeQuery()) {
        assertThat(row.next()).isTrue();
        return new Event(row.getString(1), new JsonObject(row.getString(2)));
      }
    }
  }

  private static JsonObject by() {
    return new JsonObject().put("by", "an administrator, from the command line");
  }

  private List<String> kinds() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select kind from latchkey.audit_events order by id")) {
      var kinds = new ArrayList<String>();
      while (rows.next()) {
        kinds.add(rows.getString(1));
      }
      return kinds;
    }
  }

  private void run(String... words) throws IOException {
    var all = new ArrayList<>(List.of("manage"));
    all.addAll(List.of(words));
    runAny(all.toArray(String[]::new));
  }

  private void runAny(String... words) throws IOException {
    var file =
        Files.writeString(folder.resolve("config.yaml"), CommandLineDatabase.yaml(database, 1));
    var all = new ArrayList<>(List.of(words));
    all.addAll(2, List.of("-c", file.toString()));
    CommandLineRun.of(all.toArray(String[]::new));
  }
}
