package latchkey.base.database;

import static java.util.Objects.requireNonNull;
import static latchkey.world.World.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Randomness;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/// What the database tells, and that it is heard.
@Tag("slow")
@QuarkusTest
@WithTestResource(House.class)
@Timeout(60)
class ChangeListenerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String LISTENER =
      " from pg_stat_activity where application_name = 'latchkey listener'";

  @Inject World world;
  @Inject DatabaseConfig config;
  @Inject Randomness randomness;

  @BeforeEach
  void the_house_listens() {
    world.awaitReady();
    world.awaitHearing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update latchkey.oauth_sessions set finished_at = now(), finished_reason = 'revoked' where"
            + " user_id = '%s'",
        "update latchkey.oauth_sessions set nonce = nonce + 1 where user_id = '%s'",
        "update latchkey.oauth_sessions set opened_at = null where user_id = '%s'",
        "update latchkey.users set locked_at = now() where id = '%s'",
        "update latchkey.users set deactivated_at = now() where id = '%s'",
      })
  void what_a_hand_changes_in_the_database_holds_within_a_second(String sql) {
    var alice = world.alice();
    var tokens = world.logIn(alice);
    assertThat(world.isActive(tokens.access())).isTrue();

    World.sql(sql.formatted(alice.id()));

    within(SECOND, () -> !world.isActive(tokens.access()));
  }

  @Test
  void a_change_of_scope_shows_within_a_second() {
    var alice = world.alice();
    var tokens = world.logIn(alice);
    assertThat(world.isActive(tokens.access())).isTrue();

    World.sql(
        "update latchkey.oauth_sessions set scope = 'openid' where user_id = '" + alice.id() + "'");

    within(SECOND, () -> world.introspect(tokens.access()).path("scope").equals("openid"));
  }

  @Test
  void a_deleted_session_is_not_answered_from_memory() {
    var alice = world.alice();
    var tokens = world.logIn(alice);
    assertThat(world.isActive(tokens.access())).isTrue();

    World.sql(
        "delete from latchkey.authorization_grants where session_id in (select id from"
            + " latchkey.oauth_sessions where user_id = '"
            + alice.id()
            + "')");
    World.sql("delete from latchkey.oauth_sessions where user_id = '" + alice.id() + "'");

    within(SECOND, () -> world.introspect(tokens.access()).statusCode() == 503);
    World.sql("delete from latchkey.lost_sessions");
  }

  @Test
  void rotations_uses_activity_and_new_rows_tell_nobody() throws SQLException {
    var alice = world.alice();
    var client = world.aPublicClient();
    try (var listening = listen()) {
      var tokens = world.logIn(alice, client, World.device());
      heard(listening);
      for (int i = 0; i < 5; i++) {
        tokens = World.tokens(world.refresh(client, tokens.refresh()));
        assertThat(world.isActive(tokens.access())).isTrue();
        world.flush();
      }
      World.sql(
          "update latchkey.oauth_sessions set last_active_at = now(), last_active_ip = '::1' where"
              + " user_id = '"
              + alice.id()
              + "'");
      insertSessions(alice, 100);
      assertThat(heard(listening)).isEmpty();

      endSessions(alice);

      assertThat(heard(listening)).isNotEmpty();
    }
  }

  @Test
  void a_statement_that_ends_many_sessions_sends_lists_that_fit() throws SQLException {
    var alice = world.alice();
    insertSessions(alice, 1000);
    try (var listening = listen()) {
      endSessions(alice);

      var heard = heard(listening);

      assertThat(heard).hasSizeLessThan(6).allMatch(list -> list.length() < 8000);
      var ids = String.join("", heard).split(",");
      assertThat(ids).doesNotHaveDuplicates().hasSize(1000);
      endSessions(alice);
      assertThat(heard(listening)).isEmpty();
    }
  }

  @Test
  void a_transaction_that_is_rolled_back_tells_nobody_and_the_next_one_tells_its_own()
      throws SQLException {
    var alice = world.alice();
    insertSessions(alice, 3);
    try (var listening = listen();
        var connection = House.database().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "update latchkey.oauth_sessions set scope = 'openid' where user_id = '"
              + alice.id()
              + "'");
      connection.rollback();
      statement.execute(
          "update latchkey.users set locked_at = now() where id = '" + alice.id() + "'");
      connection.commit();

      assertThat(heard(listening)).containsExactly(alice.id() + ",");
    }
  }

  @Test
  void a_change_while_the_listener_was_cut_off_is_not_missed() {
    var alice = world.alice();
    var tokens = world.logIn(alice);
    assertThat(world.isActive(tokens.access())).isTrue();

    long pid = World.count("select pid" + LISTENER);
    World.sql("select pg_terminate_backend(" + pid + ")");
    within(SECOND, () -> World.count("select count(*)" + LISTENER + " and pid = " + pid) == 0);
    endSessions(alice);

    within(SECOND, () -> !world.isActive(tokens.access()));
    world.awaitHearing();
    assertThat(world.isActive(tokens.access())).isFalse();
  }

  @Test
  void a_listener_whose_connection_died_in_silence_is_noticed_and_replaced() {
    var alice = world.alice();
    var tokens = world.logIn(alice);
    assertThat(world.isActive(tokens.access())).isTrue();
    long port = World.count("select client_port" + LISTENER);

    House.cable().freezeLink((int) port);
    endSessions(alice);

    within(Hearing.LIMIT.plus(SECOND), () -> !world.isActive(tokens.access()));
    within(
        Duration.ofSeconds(10),
        () -> World.count("select count(*)" + LISTENER + " and client_port <> " + port) == 1);
    world.awaitHearing();
  }

  @Test
  void pings_missed_while_there_was_no_connection_are_no_silence_of_the_next_one()
      throws InterruptedException {
    var own = new Hearing(new DatabaseClock(), randomness);
    own.taken();
    within(SECOND.multipliedBy(5), () -> own.silence().compareTo(SECOND.multipliedBy(3)) > 0);

    try (var another = another(own)) {
      long pid = another.connected();
      Thread.sleep(700);

      assertThat(another.pid()).isEqualTo(pid);
      World.sql("select pg_notify('" + own.channel() + "', '" + own.send() + "')");
      within(SECOND, own::isGood);
    }
  }

  @Test
  void a_listener_cut_off_before_it_heard_anything_is_back_in_a_second_each_time() {
    try (var another = another(new Hearing(new DatabaseClock(), randomness))) {
      for (int i = 0; i < 3; i++) {
        long pid = another.connected();
        World.sql("select pg_terminate_backend(" + pid + ", 1000)");
      }
    }
  }

  @Test
  void how_listening_goes_is_told_in_figures() {
    var metrics = World.http().get("/metrics").asString();

    assertThat(metrics)
        .contains("latchkey_changes_hearing 1.0")
        .contains("latchkey_changes_notifications_total")
        .contains("latchkey_remembered_entries{of=\"sessions\"}")
        .contains("latchkey_remembered_lookups_total{of=\"sessions\",result=\"hit\"}");
    // Just above a second when the next ping is about to come back.
    assertThat(figure(metrics, "latchkey_changes_ping_age_seconds"))
        .isGreaterThan(0)
        .isLessThan(Hearing.LIMIT.toSeconds());
  }

  /// A listener beside the house's, to which nobody sends a ping.
  private record Another(ChangeListener listener, String others) implements AutoCloseable {
    long pid() {
      return World.count(
          "select coalesce(max(pid), 0)" + LISTENER + " and pid not in (" + others + ")");
    }

    long connected() {
      within(SECOND.multipliedBy(3), () -> pid() != 0);
      return pid();
    }

    @Override
    public void close() {
      listener.stop();
      within(SECOND.multipliedBy(5), () -> pid() == 0);
    }
  }

  private Another another(Hearing hearing) {
    var metrics = new ChangeMetrics(new SimpleMeterRegistry(), hearing);
    var listener = new ChangeListener(config, new Changes(hearing), hearing, metrics);
    // The server may hold on to one that a test froze.
    var others = World.text("select string_agg(pid::text, ',')" + LISTENER);
    var another = new Another(listener, requireNonNull(others));
    listener.start();
    return another;
  }

  private static double figure(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElseThrow();
  }

  private static Connection listen() throws SQLException {
    var connection = House.database().getConnection();
    try (var statement = connection.createStatement()) {
      statement.execute("listen latchkey_changes");
    }
    return connection;
  }

  /// Everything sent so far: a message of our own, sent last, arrives last.
  private static List<String> heard(Connection listening) throws SQLException {
    World.sql("select pg_notify('latchkey_changes', '')");
    var texts = new ArrayList<String>();
    while (true) {
      for (var notification : listening.unwrap(PGConnection.class).getNotifications(5000)) {
        if (notification.getParameter().isEmpty()) {
          return texts;
        }
        texts.add(notification.getParameter());
      }
    }
  }

  private static void endSessions(World.Person person) {
    World.sql(
        "update latchkey.oauth_sessions set finished_at = now(), finished_reason = 'revoked'"
            + " where user_id = '"
            + person.id()
            + "'");
  }

  private static void insertSessions(World.Person person, int count) {
    World.sql(
        """
        insert into latchkey.oauth_sessions (id, client_id, user_id, scope, created_at, opened_at, nonce, issued_at, access_ttl, token_key)
        select gen_random_uuid(), (select id from latchkey.clients limit 1), '%s', 'openid', now(), now(), 1, now(), 300, 1
          from generate_series(1, %d)
        """
            .formatted(person.id(), count));
  }
}
