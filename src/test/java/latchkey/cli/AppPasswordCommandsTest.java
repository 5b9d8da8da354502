package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
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

class AppPasswordCommandsTest {
  private static final UUID NIO = Ids.parse("01KB0000000000000000000002").orElseThrow();
  private static final UUID BIRD = Ids.parse("01KB0000000000000000000003").orElseThrow();

  private final DataSource database = TestDatabase.fresh();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @BeforeEach
  void alice_has_two_and_a_session_with_each() throws SQLException {
    var ids = new Ids(new Randomness());
    var accounts = new UserAccountRepository(database, new MovableClock(), ids);
    var alice = accounts.register(new NewUser("alice", null, List.of(), false, null));
    accounts.register(new NewUser("bob", null, List.of(), false, null));
    for (var one : List.of(NIO, BIRD)) {
      TestDatabase.execute(
          database,
          """
          insert into latchkey.app_passwords (id, user_id, name, digest, created_at)
          values ('%1$s', '%2$s', '%3$s', sha256(convert_to('%1$s', 'UTF8')), now())
          """
              .formatted(one, alice, one.equals(NIO) ? "Nio" : "Bird"));
      TestDatabase.execute(
          database,
          """
          insert into latchkey.oauth_sessions (kind, id, user_id, scope, device_id, app_password_id, created_at, opened_at, nonce, issued_at, token_key)
          values ('compat', gen_random_uuid(), '%s', 'openid', '%s', '%s', now(), now(), 1, now(), 1)
          """
              .formatted(alice, "DEVICE" + one, one));
    }
  }

  @Test
  void they_are_listed_and_taken_back_one_by_one_with_their_sessions() throws IOException {
    assertThat(run("list-app-passwords", "alice").out())
        .contains(Ids.text(NIO) + "\t", "\tNio", "\tBird", "\tnever\t");
    assertThat(run("list-app-passwords", "bob").out()).isEmpty();

    var run = run("revoke-app-password", "alice", Ids.text(NIO));

    assertThat(run.exit()).isZero();
    assertThat(run.err()).contains("1 sessions have ended");
    assertThat(run("list-app-passwords", "alice").out()).contains("Bird").doesNotContain("Nio");
    assertThat(number("oauth_sessions where finished_reason = 'app_password_revoked'"))
        .isEqualTo(1);
    assertThat(number("scheduled_tasks where task_name = 'delete-device'")).isEqualTo(1);
    assertThat(run("revoke-app-password", "alice", Ids.text(NIO)).exit()).isEqualTo(1);
  }

  @Test
  void all_are_taken_back_and_what_is_signed_in_may_stay() throws IOException {
    assertThat(run("revoke-app-password", "alice", "--all", "--keep-sessions").err())
        .contains("0 sessions have ended");

    assertThat(number("oauth_sessions where finished_at is null")).isEqualTo(2);
    assertThat(run("list-app-passwords", "alice").out()).isEmpty();
  }

  @Test
  void what_makes_no_sense_is_refused() throws IOException {
    assertThat(run("revoke-app-password", "bob", Ids.text(NIO)).err())
        .contains("bob has no such app password");
    assertThat(run("revoke-app-password", "alice", "nonsense").err()).contains("is no id");
    assertThat(run("revoke-app-password", "alice").exit()).isEqualTo(2);
    assertThat(run("list-app-passwords", "nobody").err()).contains("there is no user nobody");
    assertThat(number("app_passwords where revoked_at is null")).isEqualTo(2);
  }

  private CommandLineRun run(String verb, String... words) throws IOException {
    var file =
        Files.writeString(folder.resolve("config.yaml"), CommandLineDatabase.yaml(database, 1));
    var all = new java.util.ArrayList<>(List.of("manage", verb, "-c", file.toString()));
    all.addAll(List.of(words));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  private long number(String from) {
    return TestDatabase.number(database, "select count(*) from latchkey." + from);
  }
}
