package latchkey.domain.lifecycle;

import static latchkey.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountStateRepositoryTest {
  private static DataSource database;

  private final Ids ids = new Ids(new Randomness());
  private final MovableClock clock = new MovableClock();
  private final AccountStateRepository states = new AccountStateRepository(database, clock, ids);
  private UUID alice;

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @BeforeEach
  void alice_is_there_and_signed_in() throws SQLException {
    TestDatabase.execute(database, "truncate latchkey.users cascade");
    var accounts = new UserAccountRepository(database, clock, ids);
    alice = accounts.register(new NewUser("alice", null, List.of("a@example.org"), false, null));
    TestDatabase.execute(
        database,
        """
        insert into latchkey.oauth_sessions (kind, id, user_id, scope, device_id, created_at, opened_at, nonce, issued_at, token_key)
        values ('compat', gen_random_uuid(), '%1$s', 'x', 'PHONE', now(), now(), 1, now(), 1);
        insert into latchkey.browser_sessions (id, user_id, created_at, authenticated_at, amr)
        values (gen_random_uuid(), '%1$s', now(), now(), '{pwd}')
        """
            .formatted(alice));
    TestDatabase.execute(database, "delete from latchkey.scheduled_tasks");
  }

  @Test
  void a_lock_keeps_its_time_and_the_homeserver_is_told_of_it_and_of_its_end() throws SQLException {
    states.lock(alice);
    TestDatabase.execute(database, "update latchkey.users set locked_at = '2026-01-01'");
    states.lock(alice);
    assertThat(users("locked_at = '2026-01-01'")).isEqualTo(1);

    states.unlock(alice);

    assertThat(users("locked_at is null")).isEqualTo(1);
    assertThat(jobs("provision-user", alice.toString())).isEqualTo(3);
    assertThat(sessions()).isEqualTo(2);
  }

  @Test
  void a_deactivation_holds_here_at_once_and_the_homeserver_will_follow() throws SQLException {
    states.deactivate(alice, true);

    assertThat(users("locked_at is not null and deactivated_at is not null")).isEqualTo(1);
    assertThat(sessions()).isZero();
    assertThat(number(database, "select count(*) from latchkey.user_emails")).isZero();
    assertThat(jobs("provision-user", alice.toString())).isEqualTo(1);
    assertThat(jobs("deactivate-user", alice + "\ntrue")).isEqualTo(1);
  }

  @Test
  void a_reactivation_unlocks_and_leaves_the_rest_to_the_homeserver() throws SQLException {
    states.deactivate(alice, false);

    states.reactivate(alice);

    assertThat(users("locked_at is null and deactivated_at is not null")).isEqualTo(1);
    assertThat(jobs("deactivate-user", alice + "\nfalse")).isEqualTo(1);
    assertThat(jobs("reactivate-user", alice.toString())).isEqualTo(1);
  }

  @Test
  void everybody_is_told_anew_with_devices() throws SQLException {
    assertThat(states.provisionAll()).isEqualTo(1);

    assertThat(jobs("provision-user", alice.toString())).isEqualTo(1);
    assertThat(jobs("sync-devices", alice.toString())).isEqualTo(1);
  }

  private static long users(String which) {
    return number(database, "select count(*) from latchkey.users where " + which);
  }

  private static long sessions() {
    return number(
        database,
        "select (select count(*) from latchkey.oauth_sessions where finished_at is null)"
            + " + (select count(*) from latchkey.browser_sessions where finished_at is null)");
  }

  private static long jobs(String kind, String payload) {
    return number(
        database,
        "select count(*) from latchkey.scheduled_tasks where task_name = '%s' and convert_from(task_data, 'UTF8') = '%s'"
            .formatted(kind, payload));
  }
}
