package latchkey.domain.session;

import static latchkey.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import latchkey.TestDatabase;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.user.UserAccountRepository;
import latchkey.domain.user.UserAccountRepository.NewUser;
import latchkey.world.MovableClock;
import org.junit.jupiter.api.Test;

class AccountSessionsRepositoryTest {
  @Test
  void ending_all_sessions_of_one_account_leaves_the_others_and_has_its_devices_removed()
      throws SQLException {
    var database = TestDatabase.fresh();
    var clock = new MovableClock();
    var ids = new Ids(new Randomness());
    var accounts = new UserAccountRepository(database, clock, ids);
    var alice = accounts.register(new NewUser("alice", null, List.of(), false, null));
    var bob = accounts.register(new NewUser("bob", null, List.of(), false, null));
    TestDatabase.execute(
        database,
        "insert into latchkey.clients (id, token_endpoint_auth_method, created_at) values ('%s', 'none', now())"
            .formatted(UUID.nameUUIDFromBytes(new byte[1])));
    for (var user : List.of(alice, alice, bob)) {
      TestDatabase.execute(
          database,
          """
          insert into latchkey.oauth_sessions (id, client_id, user_id, scope, created_at, opened_at, nonce, issued_at, access_ttl, token_key)
          select gen_random_uuid(), id, '%s', 'openid', now(), now(), 1, now(), 300, 1 from latchkey.clients
          """
              .formatted(user));
      TestDatabase.execute(
          database,
          "insert into latchkey.browser_sessions (id, user_id, created_at, authenticated_at, amr) values (gen_random_uuid(), '%s', now(), now(), '{pwd}')"
              .formatted(user));
    }
    TestDatabase.execute(
        database,
        """
        insert into latchkey.oauth_sessions (kind, id, user_id, scope, created_at, opened_at, nonce, issued_at, token_key)
        values ('compat', gen_random_uuid(), '%s', 'openid', now(), now(), 1, now(), 1)
        """
            .formatted(alice));
    var sessions = new AccountSessionsRepository(database, clock, ids);

    assertThat(sessions.count(alice)).isEqualTo(5);
    assertThat(sessions.endAll(alice)).isEqualTo(5);

    assertThat(sessions.count(alice)).isZero();
    assertThat(sessions.endAll(alice)).isZero();
    assertThat(sessions.count(bob)).isEqualTo(2);
    assertThat(
            number(
                database,
                "select count(*) from latchkey.oauth_sessions where finished_reason ="
                    + " 'ended_by_admin'"))
        .isEqualTo(3);
    assertThat(
            number(
                database,
                "select count(*) from latchkey.scheduled_tasks where task_name = 'sync-devices' and"
                    + " convert_from(task_data, 'UTF8') = '"
                    + alice
                    + "'"))
        .isEqualTo(2);
  }
}
