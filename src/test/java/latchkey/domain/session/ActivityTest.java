package latchkey.domain.session;

import static latchkey.world.World.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@QuarkusTest
@WithTestResource(House.class)
@Timeout(60)
class ActivityTest {
  @Inject World world;
  @Inject Activity activity;
  @Inject ActivityFlush flush;

  @BeforeEach
  void the_house_is_open() {
    world.awaitReady();
  }

  @Test
  void an_introspection_counts_as_activity_and_leaves_the_address_alone() throws SQLException {
    var alice = world.alice();
    var tokens = world.logIn(alice);
    var address = text("host(last_active_ip)", alice);
    world.clock().advance(Duration.ofSeconds(90));

    assertThat(world.isActive(tokens.access())).isTrue();
    flush.flush();

    assertThat(at(alice)).isAfter(world.clock().instant().minusSeconds(30));
    assertThat(text("host(last_active_ip)", alice)).isEqualTo(address);
  }

  @Test
  void userinfo_is_activity_with_an_address_and_shows_the_token_in_use() throws SQLException {
    var alice = world.alice();
    var client = world.aPublicClient();
    var first = world.logIn(alice, client, World.device());
    var second = World.tokens(world.refresh(client, first.refresh()));
    world.clock().advance(Duration.ofSeconds(90));

    World.http()
        .header("Authorization", "Bearer " + second.access())
        .header("X-Forwarded-For", "203.0.113.77")
        .get("/oauth2/userinfo")
        .then()
        .statusCode(200);
    world.flush();
    flush.flush();

    assertThat(at(alice)).isAfter(world.clock().instant().minusSeconds(30));
    assertThat(text("host(last_active_ip)", alice)).isEqualTo("203.0.113.77");
    assertThat(text("used_generation", alice)).isEqualTo("1");
  }

  @Test
  void a_revocation_is_the_last_activity_of_its_session() throws SQLException {
    var alice = world.alice();
    var tokens = world.logIn(alice);
    world.clock().advance(Duration.ofSeconds(90));

    for (var address : List.of("203.0.113.78", "203.0.113.79")) {
      World.http()
          .formParam("token", tokens.refresh())
          .header("X-Forwarded-For", address)
          .post("/oauth2/revoke")
          .then()
          .statusCode(200);
    }
    flush.flush();

    assertThat(at(alice)).isAfter(world.clock().instant().minusSeconds(30));
    assertThat(text("host(last_active_ip)", alice)).isEqualTo("203.0.113.78");
    assertThat(text("finished_reason", alice)).isEqualTo("revoked");
  }

  @Test
  void a_browser_session_is_active_when_its_person_signs_in_and_whenever_they_load_a_page()
      throws SQLException {
    var alice = world.alice();
    var browser = new Browser();
    world.signIn(browser, alice, "/login");
    flush.flush();
    assertThat(browserSession("host(last_active_ip)", alice)).isNotBlank();
    World.sql(
        "update latchkey.browser_sessions set last_active_at = null, last_active_ip = null where"
            + " user_id = '"
            + alice.id()
            + "'");
    world.clock().advance(Duration.ofSeconds(90));

    assertThat(browser.get("/account/").status()).isEqualTo(200);
    flush.flush();

    assertThat(browserSession("host(last_active_ip)", alice)).isNotBlank();
    assertThat(browserSession("last_active_at > '%s'".formatted(now().minusSeconds(30)), alice))
        .isEqualTo("t");
  }

  @Test
  void a_sign_in_that_is_not_committed_yet_when_activity_is_written_is_not_lost() throws Exception {
    var alice = world.alice();
    var browser = new Browser();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> signingIn;
      try (var connection = House.database().getConnection();
          var statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        // Its session's row waits for the person's.
        statement.execute("select from latchkey.users where id = '" + alice.id() + "' for update");
        signingIn = threads.submit(() -> world.signIn(browser, alice, "/login").status());
        within(
            Duration.ofSeconds(10),
            () ->
                World.count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
                    > 0);

        flush.flush();

        connection.rollback();
      }
      assertThat(signingIn.get()).isEqualTo(303);
    }
    flush.flush();

    assertThat(browserSession("host(last_active_ip)", alice)).isNotBlank();
  }

  private Instant now() {
    return world.clock().instant();
  }

  private static String browserSession(String column, World.Person person) {
    return World.text(
        "select %s from latchkey.browser_sessions where user_id = '%s'"
            .formatted(column, person.id()));
  }

  @Test
  void many_uses_of_a_session_are_one_write_and_the_latest_counts() throws SQLException {
    var alice = world.alice();
    world.logIn(alice);
    var session = session(alice);
    var now = world.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    long before = activity.waiting();

    activity.used(SessionKind.OAUTH, session, now.plusSeconds(9), "203.0.113.9", "new");
    activity.used(SessionKind.OAUTH, session, now.plusSeconds(5), "203.0.113.5", "old");
    activity.used(SessionKind.OAUTH, session, now.plusSeconds(20));
    assertThat(activity.waiting() - before).isLessThanOrEqualTo(1);
    flush.flush();

    assertThat(at(alice)).isEqualTo(now.plusSeconds(20));
    assertThat(text("host(last_active_ip)", alice)).isEqualTo("203.0.113.9");
    assertThat(text("user_agent", alice)).isEqualTo("new");
  }

  @Test
  void a_row_that_is_held_waits_for_the_next_round_and_the_end_waits_for_it() throws Exception {
    var alice = world.alice();
    world.logIn(alice);
    var session = session(alice);
    var later = world.clock().instant().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
    activity.used(SessionKind.OAUTH, session, later, "203.0.113.1", null);
    try (var connection = House.database().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "select * from latchkey.oauth_sessions where id = '" + session + "' for update");

      flush.flush();

      assertThat(at(alice)).isBefore(later);
      connection.rollback();
    }
    flush.flush();
    assertThat(at(alice)).isEqualTo(later);
  }

  @Test
  void what_is_known_of_sessions_that_are_gone_is_dropped() throws SQLException {
    activity.used(SessionKind.OAUTH, new UUID(1, 1), Instant.EPOCH, null, null);
    activity.used(SessionKind.BROWSER, new UUID(1, 1), Instant.EPOCH, null, null);

    flush.flush();

    assertThat(activity.snapshot(SessionKind.OAUTH)).doesNotContainKey(new UUID(1, 1));
    assertThat(activity.snapshot(SessionKind.BROWSER)).doesNotContainKey(new UUID(1, 1));
  }

  @Test
  void rotations_uses_and_activity_leave_the_rows_where_they_are() throws SQLException {
    var client = world.aPublicClient();
    var tokens = new ArrayList<World.Tokens>();
    for (int i = 0; i < 5; i++) {
      tokens.add(world.logIn(world.alice(), client, World.device()));
    }
    settle();
    long updates = stat("n_tup_upd");
    long heapOnly = stat("n_tup_hot_upd");

    for (int round = 0; round < 30; round++) {
      world.clock().advance(Duration.ofSeconds(2));
      for (int i = 0; i < tokens.size(); i++) {
        tokens.set(i, World.tokens(world.refresh(client, tokens.get(i).refresh())));
        assertThat(world.isActive(tokens.get(i).access())).isTrue();
      }
      world.flush();
      flush.flush();
    }

    within(Duration.ofSeconds(10), () -> stat("n_tup_upd") - updates >= 300);
    settle();
    double share = (stat("n_tup_hot_upd") - heapOnly) / (double) (stat("n_tup_upd") - updates);
    System.out.printf("[hot] %.1f %% of %d updates%n", 100 * share, stat("n_tup_upd") - updates);
    assertThat(share).isGreaterThan(0.95);
  }

  private static long stat(String column) {
    return World.count(
        "select "
            + column
            + " from pg_stat_user_tables where relname = 'oauth_sessions' and schemaname ="
            + " 'latchkey'");
  }

  /// Figures are reported by each connection when it has been idle for a moment.
  private static void settle() {
    var last = new long[] {-1};
    within(
        Duration.ofSeconds(10),
        () -> {
          long now = stat("n_tup_upd");
          boolean same = now == last[0];
          last[0] = now;
          try {
            Thread.sleep(300);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return same;
        });
  }

  private static UUID session(World.Person person) throws SQLException {
    return UUID.fromString(text("id::text", person));
  }

  private static Instant at(World.Person person) throws SQLException {
    return Instant.parse(
        text(
            "to_char(last_active_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
            person));
  }

  private static String text(String column, World.Person person) throws SQLException {
    try (var connection = House.database().getConnection();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "select "
                    + column
                    + " from latchkey.oauth_sessions where user_id = '"
                    + person.id()
                    + "'")) {
      row.next();
      return row.getString(1);
    }
  }
}
