package latchkey.domain.session;

import static latchkey.world.World.count;
import static latchkey.world.World.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import latchkey.base.database.DatabaseState;
import latchkey.base.language.LanguagePriorityList;
import latchkey.base.system.Ids;
import latchkey.base.web.HeldSession;
import latchkey.base.web.Requester;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.TunedHouse;
import latchkey.world.World;
import latchkey.world.World.Person;
import latchkey.world.World.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Sessions of dynamic clients live a quarter of an hour unused and two days at most, those of
/// static ones a day; browser sessions half an hour unused and a day at most.
@Tag("slow")
@QuarkusTest
@WithTestResource(TunedHouse.class)
class LifetimesTest {
  private static final Duration ROUND = Duration.ofMinutes(2);

  @Inject World world;
  @Inject DatabaseState state;
  @Inject ActivityFlush flush;
  @Inject BrowserSessions browserSessions;
  @Inject ExpireSessions expireSessions;
  @Inject ExpireBrowserSessions expireBrowserSessions;

  private Person alice;
  private String client;
  private String device;

  @BeforeEach
  void alice_has_an_account() throws SQLException {
    alice = world.alice();
    client = world.aPublicClient();
    device = World.device();
    flush.round();
  }

  @Test
  void a_session_that_is_refreshed_lives_and_one_that_is_not_ends_with_its_device()
      throws SQLException {
    var first = logIn();
    pass(Duration.ofMinutes(14));
    var second = tokens(world.refresh(client, first.refresh()));
    pass(Duration.ofMinutes(14));
    var third = tokens(world.refresh(client, second.refresh()));

    pass(Duration.ofMinutes(18));
    var answer = world.refresh(client, third.refresh());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.<String>path("error")).isEqualTo("invalid_grant");
    assertThat(finishedReason()).isEqualTo("idle");
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
  }

  @Test
  void being_asked_about_is_use_and_without_it_the_token_is_inactive() throws SQLException {
    var tokens = logIn();
    pass(Duration.ofMinutes(10));
    assertThat(world.isActive(tokens.access())).isTrue();
    pass(Duration.ofMinutes(10));
    assertThat(world.isActive(tokens.access())).isTrue();

    pass(Duration.ofMinutes(18));

    assertThat(world.isActive(tokens.access())).as("it has 22 minutes left").isFalse();
    assertThat(world.isActive(tokens.refresh())).isFalse();
    world.refresh(client, tokens.refresh()).then().statusCode(400);
  }

  @Test
  void a_use_that_another_replica_wrote_down_counts() throws SQLException {
    var tokens = logIn();
    assertThat(world.isActive(tokens.access())).isTrue();
    pass(Duration.ofMinutes(10));
    World.sql(
        "update latchkey.oauth_sessions set last_active_at = '%s' where device_id = '%s'"
            .formatted(world.clock().instant(), device));
    pass(Duration.ofMinutes(8));

    assertThat(world.isActive(tokens.access())).isTrue();
  }

  @Test
  void the_sweep_ends_what_nobody_asks_for_once_every_replica_has_written_down_what_it_saw()
      throws SQLException {
    logIn();
    World.sql(
        "insert into latchkey.replicas (id, flushed_at) values (gen_random_uuid(), '%s')"
            .formatted(world.clock().instant().plus(Duration.ofMinutes(8))));
    pass(Duration.ofMinutes(18));

    sweep();
    assertThat(finishedReason()).as("a replica may have seen it used").isNull();
    World.sql(
        "update latchkey.replicas set stopped_at = now() where flushed_at < '%s'"
            .formatted(world.clock().instant().minus(Duration.ofMinutes(5))));
    flush.round();
    sweep();

    assertThat(finishedReason()).isEqualTo("idle");
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
  }

  @Test
  void while_the_database_is_away_the_last_that_is_known_of_a_session_holds() throws SQLException {
    var tokens = logIn();
    assertThat(world.isActive(tokens.access())).isTrue();
    pass(Duration.ofMinutes(18));

    House.cable().cut();
    try {
      assertThat(world.isActive(tokens.access())).as("nobody can read its row").isTrue();
      // Only who has noticed that it is away throws away the dead connections.
      World.within(Duration.ofSeconds(20), () -> !state.isReady());
    } finally {
      House.cable().mend();
      world.awaitReady();
    }
  }

  @Test
  void one_session_that_cannot_be_ended_keeps_no_other_from_it() throws SQLException {
    logIn();
    var first = device;
    device = World.device();
    logIn();
    World.sql(
        """
        create function latchkey.refuse() returns trigger language plpgsql as $$
          begin raise exception 'not this one'; end $$;
        create trigger refuse before update on latchkey.oauth_sessions for each row
          when (old.device_id = '%s' and new.finished_at is not null) execute function latchkey.refuse()
        """
            .formatted(first));
    try {
      pass(Duration.ofMinutes(18));
      sweep();

      assertThat(finishedReason()).isEqualTo("idle");
      device = first;
      assertThat(finishedReason()).isNull();
    } finally {
      World.sql("drop function latchkey.refuse() cascade");
    }
    sweep();
    assertThat(finishedReason()).as("the next time round").isEqualTo("idle");
  }

  @Test
  void a_round_ends_so_many_and_leaves_the_rest_to_the_next() throws SQLException {
    // What is due already would go round at the same time.
    world.runJobs();
    sweep();
    World.sql(
        """
        insert into latchkey.oauth_sessions (id, client_id, scope, created_at, opened_at, nonce, issued_at, access_ttl, token_key)
        select gen_random_uuid(), id, 'openid', t, t, 1, t, 300, 1
          from latchkey.clients, (select cast('%s' as timestamptz) - interval '10 days' as t) as long_ago, generate_series(1, 12000)
         where id = '%s'
        """
            .formatted(world.clock().instant(), Ids.parse(client).orElseThrow()));

    sweep();
    long left = unended();
    sweep();

    // A round that has ended enough goes no further than the page it is at.
    assertThat(left).isBetween(12_000L - ExpireSessions.MOST - 1000, 2_000L);
    assertThat(unended()).isZero();
  }

  private long unended() {
    return count(
        "select count(*) from latchkey.oauth_sessions where finished_at is null and client_id = '%s'"
            .formatted(Ids.parse(client).orElseThrow()));
  }

  @Test
  void an_outage_is_not_idle_time() throws SQLException {
    var tokens = logIn();

    world.clock().advance(Duration.ofHours(20));
    sweep();
    assertThat(finishedReason()).as("nobody knows yet").isNull();
    flush.round();
    sweep();
    assertThat(finishedReason()).isNull();
    pass(Duration.ofMinutes(10));
    sweep();
    assertThat(finishedReason()).isNull();
    tokens = tokens(world.refresh(client, tokens.refresh()));
    pass(Duration.ofMinutes(18));
    world.refresh(client, tokens.refresh()).then().statusCode(400);

    assertThat(finishedReason()).isEqualTo("idle");
  }

  @Test
  void whatever_its_use_a_session_ends_at_its_age() {
    var tokens = logIn();
    world.clock().advance(Duration.ofMinutes(48 * 60 - 30));
    tokens = tokens(world.refresh(client, tokens.refresh()));
    assertThat(world.isActive(tokens.access())).isTrue();

    world.clock().advance(Duration.ofMinutes(31));

    assertThat(world.isActive(tokens.access())).as("it has 29 minutes left").isFalse();
    world.refresh(client, tokens.refresh()).then().statusCode(400);
    assertThat(finishedReason()).isEqualTo("expired");
  }

  @Test
  void each_kind_of_client_has_its_own_age() throws SQLException {
    var tokens = logIn();
    World.sql("update latchkey.clients set is_static = true where client_name = 'Alone'");
    world.clock().advance(Duration.ofHours(25));

    world.refresh(client, tokens.refresh()).then().statusCode(400);

    assertThat(finishedReason()).isEqualTo("expired");
  }

  @Test
  void a_browser_that_is_not_used_is_signed_out() throws SQLException {
    var browser = new Browser();
    world.consent(browser, alice, World.authorize(client, Map.of()));
    pass(Duration.ofMinutes(26));
    assertThat(silently(browser)).isNotEqualTo("login_required");
    pass(Duration.ofMinutes(26));
    assertThat(silently(browser)).as("looking was use").isNotEqualTo("login_required");

    pass(Duration.ofMinutes(34));

    assertThat(silently(browser)).isEqualTo("login_required");
    assertThat(liveBrowsers()).isZero();
  }

  @Test
  void a_browser_session_ends_a_day_after_the_password_and_the_sweep_sees_to_it() {
    var browser = new Browser();
    world.signIn(browser, alice, "/login");
    world.clock().advance(Duration.ofHours(23));
    expireBrowsers();
    assertThat(liveBrowsers()).isEqualTo(1);

    world.clock().advance(Duration.ofHours(2));
    expireBrowsers();

    assertThat(liveBrowsers()).isZero();
  }

  /// As after a sign-in through a provider where they signed in the day before.
  @Test
  void a_proof_of_before_makes_a_browser_session_no_older() {
    var browser = new Browser();
    world.signIn(browser, alice, "/login");
    World.sql(
        "update latchkey.browser_sessions set authenticated_at = authenticated_at - interval '2 days' where user_id = '%s'"
            .formatted(alice.id()));
    world.clock().advance(Duration.ofHours(23));
    expireBrowsers();
    assertThat(liveBrowsers()).isEqualTo(1);

    world.clock().advance(Duration.ofHours(2));
    expireBrowsers();

    assertThat(liveBrowsers()).isZero();
  }

  /// At first nobody has written down that a session is used, and the replica that opened it is the
  /// only one that has seen it.
  @Test
  void a_session_of_another_replica_is_used_from_its_beginning_however_old_its_proof()
      throws SQLException {
    pass(Duration.ofMinutes(40));
    var now = world.clock().instant();
    World.sql(
        "insert into latchkey.browser_sessions (id, user_id, created_at, authenticated_at, amr) values (gen_random_uuid(), '%s', '%s', '%s', '{upstream}')"
            .formatted(alice.id(), now, now.minus(Duration.ofMinutes(38))));

    expireBrowsers();
    assertThat(liveBrowsers()).isEqualTo(1);

    pass(Duration.ofMinutes(34));
    expireBrowsers();
    assertThat(liveBrowsers()).isZero();
  }

  @Test
  void a_new_proof_in_a_session_is_use_that_every_replica_knows_of_at_once() throws SQLException {
    world.signIn(new Browser(), alice, "/login");
    var session =
        World.uuid(
            "select id from latchkey.browser_sessions where user_id = '%s'".formatted(alice.id()));
    pass(Duration.ofMinutes(20));
    var now = world.clock().instant();

    browserSessions.vouchedFor(
        Optional.of(new HeldSession(session, 0)),
        alice.id(),
        new Requester(null, null, LanguagePriorityList.ofHeader(null)),
        "en",
        Optional.of(now.minus(Duration.ofHours(8))));

    assertThat(
            count(
                "select count(*) from latchkey.browser_sessions where id = '%s' and last_active_at >= '%s'"
                    .formatted(session, now)))
        .isEqualTo(1);
  }

  /// What keeps the browser's person from being let in without a word.
  private String silently(Browser browser) {
    var page = browser.get(World.authorize(client, Map.of("prompt", "none")));
    while (page.location().startsWith("/")) {
      page = browser.get(page.location());
    }
    return page.answer().getOrDefault("error", "");
  }

  private Tokens logIn() {
    var metadata = World.metadata();
    metadata.put("client_name", "Alone");
    client = world.register(metadata).path("client_id");
    World.sql("update latchkey.clients set is_static = false where client_name = 'Alone'");
    return world.logIn(alice, client, device);
  }

  /// Lets time pass in which the server is there.
  private void pass(Duration time) throws SQLException {
    for (var left = time; left.isPositive(); left = left.minus(ROUND)) {
      world.clock().advance(ROUND);
      flush.round();
    }
  }

  private void sweep() throws SQLException {
    boolean more = true;
    while (more) {
      more = expireSessions.step();
    }
  }

  private void expireBrowsers() {
    boolean more = true;
    while (more) {
      more = expireBrowserSessions.step();
    }
  }

  private String finishedReason() {
    return World.text(
        "select finished_reason from latchkey.oauth_sessions where device_id = '%s'"
            .formatted(device));
  }

  private long liveBrowsers() {
    return count(
        "select count(*) from latchkey.browser_sessions where user_id = '%s' and finished_at is null"
            .formatted(alice.id()));
  }
}
