package latchkey;

import static latchkey.world.World.count;
import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import latchkey.base.system.Ids;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is over goes, what is not stays (`cli-and-operations.md` 3.2).
@Tag("slow")
@QuarkusTest
@WithTestResource(House.class)
class HousekeepingTest {
  @Inject World world;

  private Person alice;
  private String client;
  private String device;

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
    client = world.aPublicClient();
    device = World.device();
  }

  @AfterEach
  void the_homeserver_is_back() {
    world.homeserver().comeBack();
  }

  @Test
  void an_exchange_that_never_finished_leaves_neither_session_nor_device() {
    var code = world.code(alice, client, World.scope(device));
    // It does what it is asked, and its answer gets lost.
    world.homeserver().upsertDevice(alice.username(), device, null);
    world.homeserver().goAway();
    world.exchange(client, code).then().statusCode(503);
    world.homeserver().comeBack();

    world.clock().advance(Duration.ofMinutes(9));
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).contains(device);

    world.clock().advance(Duration.ofMinutes(3));
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
    assertThat(sessions("finished_reason = 'never_opened'")).isEqualTo(1);
  }

  @Test
  void a_device_that_another_session_holds_stays_when_an_exchange_never_finishes() {
    var live = world.logIn(alice, client, device);
    var code = world.code(alice, client, World.scope(device));
    world.homeserver().goAway();
    world.exchange(client, code).then().statusCode(503);
    world.homeserver().comeBack();

    world.clock().advance(Duration.ofMinutes(12));
    world.runJobs();

    assertThat(world.homeserver().devices(alice.username())).contains(device);
    tokens(world.refresh(client, live.refresh()));
  }

  @Test
  void a_grant_goes_after_a_week_and_its_session_stays() {
    var tokens = world.logIn(alice, client, device);
    assertThat(grants()).isEqualTo(1);

    world.clock().advance(Duration.ofDays(6));
    world.runJobs();
    assertThat(grants()).isEqualTo(1);

    world.clock().advance(Duration.ofDays(1).plusMinutes(1));
    world.runJobs();
    assertThat(grants()).isZero();
    tokens(world.refresh(client, tokens.refresh()));
  }

  @Test
  void an_ended_session_goes_after_thirty_days_and_its_young_tokens_are_no_loss() {
    var tokens = world.logIn(alice, client, device);
    World.sql(
        """
        insert into latchkey.foreign_tokens (digest, session_id, kind, generation, issued_at)
        select sha256(convert_to(id::text, 'UTF8')), id, 'mar', 0, created_at
          from latchkey.oauth_sessions where device_id = '%s'
        """
            .formatted(device));
    World.http().formParam("token", tokens.refresh()).post("/oauth2/revoke").then().statusCode(200);

    world.clock().advance(Duration.ofDays(29));
    world.runJobs();
    assertThat(sessions("true")).isEqualTo(1);
    dead(tokens.refresh());

    world.clock().advance(Duration.ofDays(1).plusHours(1));
    // A round that the jump of the clock met under way counts as dead, and the next is an hour on.
    for (int round = 0; round < 3; round++) {
      world.runJobs();
      world.clock().advance(Duration.ofHours(2));
    }
    assertThat(sessions("true")).isZero();
    assertThat(
            count(
                "select count(*) from latchkey.foreign_tokens t where not exists"
                    + " (select from latchkey.oauth_sessions s where s.id = t.session_id)"))
        .isZero();
    dead(tokens.refresh());
  }

  @Test
  void an_ended_browser_session_goes_once_nothing_refers_to_it() {
    var browser = new Browser();
    var path = World.authorize(client, Map.of("scope", World.scope(device)));
    var code = world.consent(browser, alice, path).answer().get("code");
    var tokens = tokens(world.exchange(client, code));
    browser.submit("/logout", browser.get("/"), Map.of());

    world.clock().advance(Duration.ofDays(31));
    world.runJobs();
    assertThat(browserSessions()).isEqualTo(1);

    World.http().formParam("token", tokens.refresh()).post("/oauth2/revoke").then().statusCode(200);
    world.clock().advance(Duration.ofDays(31));
    world.runJobs();
    world.clock().advance(Duration.ofHours(2));
    world.runJobs();
    assertThat(browserSessions()).isZero();
  }

  @Test
  void from_where_a_session_was_used_is_forgotten_after_thirty_days_without_use() {
    var first = world.logIn(alice, client, device);
    var second = tokens(world.refresh(client, first.refresh()));
    assertThat(sessions("last_active_ip is not null and rotated_ip is not null")).isEqualTo(1);

    world.clock().advance(Duration.ofDays(29));
    world.runJobs();
    assertThat(sessions("last_active_ip is not null")).isEqualTo(1);

    world.clock().advance(Duration.ofDays(2));
    world.runJobs();
    assertThat(sessions("last_active_ip is null and rotated_ip is null")).isEqualTo(1);
    tokens(world.refresh(client, second.refresh()));
  }

  @Test
  void the_lease_of_a_process_that_died_goes() {
    World.sql(
        "insert into latchkey.user_leases values ('%s', gen_random_uuid(), '%s')"
            .formatted(alice.id(), world.clock().instant()));

    world.clock().advance(Duration.ofHours(2));
    world.runJobs();

    assertThat(
            count("select count(*) from latchkey.user_leases where user_id = '" + alice.id() + "'"))
        .isZero();
  }

  @Test
  void lost_sessions_are_forgotten_when_no_young_token_can_ask_for_them() {
    var now = world.clock().instant();
    World.sql("delete from latchkey.lost_sessions");
    lost("00000000-0000-0000-0000-000000000001", now, null);
    lost("00000000-0000-0000-0000-000000000002", now, now);

    world.clock().advance(Duration.ofDays(29));
    world.runJobs();
    assertThat(count("select count(*) from latchkey.lost_sessions")).isEqualTo(2);

    world.clock().advance(Duration.ofDays(2));
    world.runJobs();
    assertThat(count("select count(*) from latchkey.lost_sessions")).isZero();
  }

  @Test
  void many_rows_go_in_one_round() {
    World.sql(
        """
        insert into latchkey.authorization_grants
               (id, client_id, redirect_uri, redirect_uri_given, response_mode, scope, created_at)
        select ('0183f985-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, '%s', 'https://x/', true, 'query',
               'openid', '2022-10-21T00:00:00Z'
          from generate_series(1, 2500) n
        """
            .formatted(Ids.parse(World.CONFIDENTIAL).orElseThrow()));
    world.clock().advance(Duration.ofHours(2));

    world.runJobs();

    assertThat(
            count(
                "select count(*) from latchkey.authorization_grants"
                    + " where id < '01840000-0000-0000-0000-000000000000'"))
        .isZero();
  }

  private void dead(String refreshToken) {
    world
        .refresh(client, refreshToken)
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
  }

  private static void lost(String id, Instant at, Instant acceptedAt) {
    World.sql(
        "insert into latchkey.lost_sessions values ('%s', '%s', '%s', %s)"
            .formatted(id, at, at, acceptedAt == null ? "null" : "'" + acceptedAt + "'"));
  }

  private long sessions(String which) {
    return count(
        "select count(*) from latchkey.oauth_sessions where device_id = '%s' and %s"
            .formatted(device, which));
  }

  private long grants() {
    return count(
        "select count(*) from latchkey.authorization_grants where scope like '%" + device + "%'");
  }

  private long browserSessions() {
    return count(
        "select count(*) from latchkey.browser_sessions where user_id = '" + alice.id() + "'");
  }
}
