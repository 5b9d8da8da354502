package latchkey.domain.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.job.Queue;
import latchkey.domain.token.TokenKeyRegistry.WrongKeys;
import latchkey.world.Logs;
import latchkey.world.MovableClock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenKeyRegistryTest {
  private static final String LIVE =
      "select count(*) from latchkey.oauth_sessions where finished_at is null";

  private static DataSource database;

  private int sessions;

  @BeforeAll
  static void a_database_with_a_client_and_a_user() {
    database = TestDatabase.fresh();
    sql(
        """
        insert into latchkey.clients (id, token_endpoint_auth_method, created_at)
        values ('00000000-0000-0000-0000-00000000000c', 'none', now());
        insert into latchkey.users (id, username, created_at)
        values ('00000000-0000-0000-0000-00000000000a', 'alice', now());
        """);
  }

  @BeforeEach
  void nothing_leans_on_anything() {
    sql("delete from latchkey.oauth_sessions; delete from latchkey.token_keys;");
    sql("delete from latchkey.scheduled_tasks;");
  }

  @Test
  void a_key_that_live_sessions_lean_on_and_that_is_not_there_refuses_the_start_and_is_named() {
    session(7, null, 0, -1, true);
    session(7, null, 0, -1, true);

    assertThatThrownBy(() -> registry(key(1, false)).reconcile())
        .isInstanceOf(WrongKeys.class)
        .hasMessageContaining("2 live sessions lean on token key 7");
    assertThat(number(LIVE)).isEqualTo(2);
  }

  @Test
  void a_withdrawn_key_ends_its_sessions_and_says_how_many_before_it_does() throws Exception {
    session(7, null, 0, -1, true);
    session(7, null, 3, 3, true);
    session(1, null, 0, -1, true);
    var liveWhenSaid = new AtomicLong();

    try (var logs = Logs.of(TokenKeyRegistry.class, _ -> liveWhenSaid.set(number(LIVE)))) {
      registry(key(1, false), key(7, true)).reconcile();
      assertThat(logs.texts()).containsExactly("token key 7 is withdrawn: 2 live sessions end now");
    }

    assertThat(liveWhenSaid.get()).isEqualTo(3);
    assertThat(number(LIVE)).isEqualTo(1);
    assertThat(number(LIVE.replace("is null", "is not null and finished_reason = 'key_withdrawn'")))
        .isEqualTo(2);
    assertThat(
            number(
                "select count(*) from latchkey.scheduled_tasks where task_name = 'delete-device'"))
        .isEqualTo(2);
    assertThat(new Queue(database, Clock.systemUTC()).depths().getFirst().oldest())
        .isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    assertThat(
            number(
                "select count(*) from latchkey.scheduled_tasks where length(task_instance) = 26"))
        .isEqualTo(2);
  }

  @Test
  void a_key_whose_secret_is_lost_can_still_be_withdrawn() throws Exception {
    registry(key(7, false)).reconcile();
    session(7, null, 0, -1, true);

    registry(key(1, false), new TokenKey(7, new byte[0], null, true)).reconcile();

    assertThat(number(LIVE)).isZero();
    assertThatThrownBy(() -> registry(key(7, false)).reconcile())
        .hasMessageContaining("every token key of this server was withdrawn");
  }

  @Test
  void what_a_failover_made_of_a_withdrawn_key_is_undone_while_the_server_runs() throws Exception {
    var server = registry(key(1, false), key(7, true));
    server.reconcile();
    sql("update latchkey.token_keys set withdrawn_at = null where id = 7");
    session(7, null, 0, -1, true);
    session(1, null, 0, -1, true);

    server.withdrawAgain();

    assertThat(number("select count(*) from latchkey.token_keys where withdrawn_at is not null"))
        .isEqualTo(1);
    assertThat(number(LIVE)).isEqualTo(1);
  }

  @Test
  void a_withdrawn_key_that_a_backup_knows_nothing_of_is_withdrawn_all_the_same() throws Exception {
    var server = registry(key(1, false), key(7, true), new TokenKey(8, new byte[0], null, true));
    sql("delete from latchkey.token_keys");

    server.withdrawAgain();

    assertThat(number("select count(*) from latchkey.token_keys where withdrawn_at is not null"))
        .isEqualTo(2);
  }

  @Test
  void at_the_next_start_nothing_is_left_to_end_and_nothing_is_said() throws Exception {
    session(7, null, 0, -1, true);
    session(1, 7, 1, 0, true);
    session(1, 7, 1, 1, true);
    registry(key(1, false), key(7, true)).reconcile();

    try (var logs = Logs.of(TokenKeyRegistry.class)) {
      registry(key(1, false), key(7, true)).reconcile();
      assertThat(logs.texts()).isEmpty();
    }

    assertThat(number(LIVE)).isEqualTo(1);
  }

  @Test
  void a_session_leans_on_the_key_before_until_its_new_tokens_are_in_use() throws Exception {
    session(1, 7, 5, 4, true);
    assertThatThrownBy(() -> registry(key(1, false)).reconcile())
        .hasMessageContaining("1 live sessions lean on token key 7");

    sql("update latchkey.oauth_sessions set used_generation = 5");
    registry(key(1, false)).reconcile();
  }

  @Test
  void a_session_that_is_opening_has_no_token_and_leans_on_nothing() throws Exception {
    session(7, null, 0, -1, false);

    registry(key(1, false)).reconcile();
    registry(key(1, false), key(7, true)).reconcile();

    assertThat(number(LIVE)).isEqualTo(1);
  }

  @Test
  void an_id_stands_for_one_key_for_ever() throws Exception {
    registry(key(1, false)).reconcile();
    registry(key(1, false)).reconcile();

    var other = new TokenKey(1, secret("another"), null, false);
    assertThatThrownBy(() -> registry(other).reconcile())
        .isInstanceOf(WrongKeys.class)
        .hasMessageContaining("token key 1 is not the one this database knows");
  }

  @Test
  void a_key_that_no_session_leans_on_any_more_may_go() throws Exception {
    registry(key(1, false), key(7, false)).reconcile();
    session(1, null, 0, -1, true);

    registry(key(1, false)).reconcile();

    assertThat(number(LIVE)).isEqualTo(1);
  }

  @Test
  void a_withdrawn_key_is_so_for_good_whatever_the_list_of_a_later_start_says() throws Exception {
    registry(key(1, false), key(7, false)).reconcile();
    registry(key(1, false), key(7, true)).reconcile();
    session(7, null, 0, -1, true);
    session(1, 7, 1, 0, true);
    session(1, 7, 1, 1, true);

    try (var logs = Logs.of(TokenKeyRegistry.class)) {
      registry(key(7, false), key(1, false)).reconcile();
      assertThat(logs.texts())
          .hasSize(2)
          .anyMatch(text -> text.startsWith("token key 7 was withdrawn by another server"))
          .contains("token key 7 is withdrawn: 2 live sessions end now");
    }
    registry(key(1, false)).reconcile();

    assertThat(number(LIVE)).isEqualTo(1);
    assertThat(number("select count(*) from latchkey.token_keys where withdrawn_at is not null"))
        .isEqualTo(1);
  }

  @Test
  void a_start_with_no_key_but_withdrawn_ones_is_refused() throws Exception {
    registry(key(1, false), key(7, true)).reconcile();

    for (var late : List.of(registry(key(7, false)), registry(key(7, false), key(8, true)))) {
      assertThatThrownBy(late::requireFitting)
          .isInstanceOf(WrongKeys.class)
          .hasMessageContaining("every token key of this server was withdrawn");
      assertThatThrownBy(late::reconcile).isInstanceOf(WrongKeys.class);
    }
  }

  @Test
  void a_new_key_that_mints_at_once_is_a_warning_for_the_sake_of_other_servers() throws Exception {
    var now = new MovableClock().instant();
    try (var logs = Logs.of(TokenKeyRegistry.class)) {
      start(key(1, false));
      start(key(1, false), new TokenKey(2, secret("2"), now.plusSeconds(600), false));
      assertThat(logs.texts()).isEmpty();

      start(key(1, false), new TokenKey(3, secret("3"), now.minusSeconds(1), false));

      assertThat(logs.texts())
          .singleElement()
          .asString()
          .startsWith("token key 3 is new and mints from now on");
    }
  }

  private static void start(TokenKey... listed) throws Exception {
    registry(listed).reconcile();
  }

  private void session(int key, Integer before, long generation, long used, boolean opened) {
    sql(
        """
        insert into latchkey.oauth_sessions (id, client_id, user_id, scope, device_id, created_at, opened_at,
               nonce, generation, used_generation, issued_at, access_ttl, token_key, previous_token_key)
        values (gen_random_uuid(), '00000000-0000-0000-0000-00000000000c', '00000000-0000-0000-0000-00000000000a',
                'openid', 'DEVICE%d', now(), %s, 1, %d, %d, now(), 300, %d, %s)
        """
            .formatted(sessions++, opened ? "now()" : "null", generation, used, key, before));
  }

  private static TokenKeyRegistry registry(TokenKey... keys) {
    return new TokenKeyRegistry(
        new TokenKeys(List.of(keys)), new TokenKeyRepository(database), new MovableClock());
  }

  private static TokenKey key(int id, boolean withdrawn) {
    return new TokenKey(id, secret("key " + id), null, withdrawn);
  }

  private static byte[] secret(String text) {
    return (text + "0123456789abcdef0123456789abcdef").getBytes(StandardCharsets.UTF_8);
  }

  private static void sql(String sql) {
    TestDatabase.execute(database, sql);
  }

  private static long number(String sql) {
    return TestDatabase.number(database, sql);
  }
}
