package latchkey.domain.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import latchkey.base.crypto.Encryption;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.session.FinishReason;
import latchkey.domain.upstream.Providers;
import latchkey.world.Browser;
import latchkey.world.HoldingHouse;
import latchkey.world.House;
import latchkey.world.LeavingHouse;
import latchkey.world.Meanwhile;
import latchkey.world.Newcomer;
import latchkey.world.Trip;
import latchkey.world.Way;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is gone at their provider loses nothing where the admin wants that: the account is locked
/// until they are back.
@QuarkusTest
@WithTestResource(HoldingHouse.class)
class HoldUpstreamAccountTest {
  private static final Map<String, Object> MEMBER = Map.of("groups", List.of("matrix"));
  private static final Duration A_WHILE = Duration.ofSeconds(151);

  @Inject World world;
  @Inject Encryption encryption;
  @Inject RevalidateUpstream revalidate;
  @Inject Providers providers;

  @BeforeEach
  void all_is_well() {
    world.awaitReady();
    LeavingHouse.reset(world.clock());
    World.sql(
        "update latchkey.upstream_sessions set encrypted_refresh_token = null, revalidate_at = null");
  }

  @Test
  void who_only_linked_an_account_and_has_another_way_in_is_not_held() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, LeavingHouse.branch(), encryption, "way-in", Map.of());
    office.person(
        "linked-only", Map.of("preferred_username", "linkedonly", "groups", List.of("matrix")));
    var browser = alice.browser();
    var path = Trip.arrive(browser, office, "?kind=account_page&page=ways");
    browser.submit(path, browser.get(path), Map.of());
    office.disable("linked-only");

    world.clock().advance(A_WHILE);
    world.runJobs();

    assertThat(alice.events()).contains("upstream_gone").doesNotContain("upstream_held");
    assertThat(alice.isSignedIn(world)).isTrue();
  }

  @Test
  void what_a_link_gave_goes_also_when_its_owner_was_held_meanwhile() {
    var office = LeavingHouse.office();
    var branch = LeavingHouse.branch();
    var alice = Newcomer.of(world, branch, encryption, "held-here", Map.of());
    office.person("held-there", Map.of("preferred_username", "h", "groups", List.of("admins")));
    var browser = alice.browser();
    var path = Trip.arrive(browser, office, "?kind=account_page&page=ways");
    browser.submit(path, browser.get(path), Map.of());
    World.sql(
        "delete from latchkey.user_passwords where user_id = '%s'".formatted(alice.person().id()));
    assertThat(rights(alice)).isEqualTo(1);

    branch.disable("held-here");
    hoursLater();
    office.disable("held-there");
    hoursLater();
    assertThat(alice.events()).contains("upstream_held");
    assertThat(rights(alice)).as("nothing is lost by a hold").isEqualTo(1);
    branch.enable("held-here");
    branch.person("held-here", Map.of());
    Trip.through(new Browser(), branch, "?kind=manage_account");
    assertThat(alice.events()).contains("upstream_hold_ended");
    hoursLater();

    assertThat(rights(alice)).isZero();
  }

  private void hoursLater() {
    for (int i = 0; i < 3; i++) {
      world.clock().advance(Duration.ofMinutes(63));
      world.runJobs();
    }
  }

  private static long rights(Newcomer one) {
    return World.count(
        "select count(*) from latchkey.users where id = '%s' and can_request_admin"
            .formatted(one.person().id()));
  }

  @Test
  void who_is_gone_is_held_and_keeps_their_devices() {
    var alice = held("on-leave");

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(alice.reason()).isEmpty();
    assertThat(alice.isBrowserSignedIn()).isTrue();
    assertThat(alice.events()).contains("upstream_held");
    assertThat(world.homeserver().devices(alice.person().username())).contains(alice.device());
    assertThat(world.homeserver().account(alice.person().username()).orElseThrow().locked())
        .isTrue();
  }

  @Test
  void who_signs_in_through_the_provider_again_goes_on_where_they_were() {
    var alice = held("back-again");
    LeavingHouse.office().enable("back-again");
    LeavingHouse.office().person("back-again", MEMBER);

    var page = Way.in(new Browser(), LeavingHouse.office());

    assertThat(page.status()).isEqualTo(200);
    assertThat(alice.isSignedIn(world)).isTrue();
    assertThat(alice.events()).contains("upstream_hold_ended");
    world.runJobs();
    assertThat(world.homeserver().account(alice.person().username()).orElseThrow().locked())
        .isFalse();
  }

  @Test
  void whose_other_session_there_goes_on_is_not_held() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "two-sessions", MEMBER);
    World.sql(
        "update latchkey.upstream_sessions set encrypted_refresh_token = '%s' where id = '%s'"
            .formatted(
                encryption.encrypt(latchkey.base.crypto.Secret.of("over by now")), alice.trip()));
    var other = alice.elsewhere(world, office, encryption);

    world.clock().advance(A_WHILE);
    world.runJobs();

    assertThat(alice.isSignedIn(world)).isTrue();
    assertThat(other.isSignedIn(world)).isTrue();
    assertThat(alice.events()).doesNotContain("upstream_held");
  }

  @Test
  void a_session_as_somebody_else_there_does_not_vouch_for_who_is_gone() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "elsewhere-too", MEMBER);
    var other = new Ids(new Randomness()).next(world.clock().instant());
    World.sql(
        """
        insert into latchkey.upstream_links (id, provider_id, user_id, subject, created_at)
        values ('%s', '%s', '%s', 'hers-too', now())
        """
            .formatted(
                other, Ids.parse(LeavingHouse.office().id()).orElseThrow(), alice.person().id()));
    World.sql(
        """
        insert into latchkey.upstream_sessions (id, provider_id, link_id, browser_session_id, created_at, completed_at,
               consumed_at, subject, encrypted_refresh_token, revalidate_at)
        select gen_random_uuid(), provider_id, '%s', browser_session_id, created_at, completed_at, consumed_at, 'hers-too',
               encrypted_refresh_token, revalidate_at + interval '1 day'
          from latchkey.upstream_sessions where id = '%s'
        """
            .formatted(other, alice.trip()));
    office.disable("elsewhere-too");

    world.clock().advance(A_WHILE);
    world.runJobs();

    assertThat(alice.events()).contains("upstream_held");
  }

  @Test
  void whom_the_admin_unlocks_is_not_held_again() throws Exception {
    var alice = held("unlocked");

    states().unlock(alice.person().id());
    World.within(Duration.ofSeconds(5), () -> alice.isSignedIn(world));
    world.clock().advance(A_WHILE);
    world.runJobs();

    assertThat(alice.isSignedIn(world)).isTrue();
    assertThat(alice.events()).containsOnlyOnce("upstream_held");
  }

  @Test
  void an_admin_who_locks_while_the_hold_ends_has_the_last_word() throws Exception {
    var alice = held("raced");
    LeavingHouse.office().enable("raced");
    LeavingHouse.office().person("raced", MEMBER);

    Meanwhile.during(
        () -> Way.in(new Browser(), LeavingHouse.office()),
        alice.person().id(),
        "update latchkey.upstream_links set held_at = null where user_id = '%s'"
            .formatted(alice.person().id()));

    assertThat(isLocked(alice)).isTrue();
  }

  @Test
  void who_signs_in_while_they_are_found_gone_is_not_held() throws Exception {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "back-in-time", MEMBER);
    office.disable("back-in-time");
    world.clock().advance(A_WHILE);

    Meanwhile.during(
        () -> {
          world.runJobs();
          return true;
        },
        alice.person().id(),
        """
        insert into latchkey.upstream_sessions (id, provider_id, link_id, browser_session_id, created_at, completed_at,
               consumed_at, subject, encrypted_refresh_token, revalidate_at)
        select gen_random_uuid(), provider_id, link_id, browser_session_id, created_at, completed_at, '%s', subject,
               encrypted_refresh_token, revalidate_at + interval '1 day'
          from latchkey.upstream_sessions where id = '%s'
        """
            .formatted(world.clock().instant().plusSeconds(1), alice.trip()));

    assertThat(isLocked(alice)).isFalse();
    assertThat(alice.events()).doesNotContain("upstream_held");
  }

  /// As at two replicas: each is asked about one of the sessions.
  @Test
  void two_sessions_that_are_over_at_once_do_not_stand_by_each_other() throws Exception {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "both-over", MEMBER);
    alice.elsewhere(world, office, encryption);
    world.clock().advance(A_WHILE);
    var due = revalidate.take(world.clock().instant(), Duration.ofMinutes(2), 10);
    assertThat(due).hasSize(2);
    var provider = providers.find(Ids.parse(office.id()).orElseThrow()).orElseThrow();
    var gone = new RevalidateUpstream.Answer.Leaving(FinishReason.UPSTREAM_GONE, "gone");

    try (var threads = Executors.newFixedThreadPool(2);
        var connection = House.database().getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute(
            "select from latchkey.users where id = '%s' for no key update"
                .formatted(alice.person().id()));
        var leaving =
            due.stream()
                .map(
                    one ->
                        threads.submit(
                            () -> {
                              revalidate.leave(provider, one, gone, world.clock().instant());
                              return true;
                            }))
                .toList();
        World.within(Duration.ofSeconds(5), () -> Meanwhile.waiting() > 0);
        connection.rollback();
        for (var one : leaving) {
          one.get();
        }
      }
    }

    assertThat(alice.events()).contains("upstream_held");
    assertThat(isLocked(alice)).isTrue();
  }

  private static boolean isLocked(Newcomer one) {
    return World.count(
            "select count(*) from latchkey.users where id = '%s' and locked_at is not null"
                .formatted(one.person().id()))
        == 1;
  }

  private AccountStateRepository states() {
    return new AccountStateRepository(House.database(), world.clock(), new Ids(new Randomness()));
  }

  @Test
  void a_lock_of_the_admin_is_not_undone_by_the_provider() throws Exception {
    var alice = held("locked-too");
    states().lock(alice.person().id());
    LeavingHouse.office().enable("locked-too");
    LeavingHouse.office().person("locked-too", MEMBER);

    Way.in(new Browser(), LeavingHouse.office());

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(isLocked(alice)).isTrue();
  }

  private Newcomer held(String subject) {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, subject, MEMBER);
    world.runJobs();
    office.disable(subject);
    world.clock().advance(A_WHILE);
    world.runJobs();
    return alice;
  }
}
