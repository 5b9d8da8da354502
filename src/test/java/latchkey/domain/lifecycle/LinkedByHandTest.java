package latchkey.domain.lifecycle;

import static latchkey.world.World.count;
import static latchkey.world.World.sql;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream;
import latchkey.world.LeavingHouse;
import latchkey.world.Newcomer;
import latchkey.world.Trip;
import org.junit.jupiter.api.Test;

/// Who linked an account of a provider and never signed in through it is asked about there, too.
@QuarkusTest
@WithTestResource(LeavingHouse.class)
class LinkedByHandTest extends LeavingScene {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String other = "by-hand-" + COUNT.incrementAndGet();

  private void link(Newcomer one, FakeUpstream provider, String group) {
    provider.person(other, Map.of("preferred_username", other, "groups", List.of(group)));
    var browser = one.browser();
    var path = Trip.arrive(browser, provider, "?kind=account_page&page=ways");
    assertThat(browser.submit(path, browser.get(path), Map.of()).location())
        .isEqualTo("/account/ways");
  }

  @Test
  void who_is_gone_there_loses_what_it_gave_and_nothing_else() {
    var office = LeavingHouse.office();
    var alice = at(LeavingHouse.branch(), "here-" + other, Map.of());
    link(alice, office, "admins");
    assertThat(isAdmin(alice)).isTrue();
    aWhileLater();
    assertThat(isAdmin(alice)).isTrue();

    office.disable(other);
    aWhileLater();

    assertThat(isAdmin(alice)).isFalse();
    assertThat(details(alice, "upstream_gone")).contains("Office", "invalid_grant");
    assertThat(alice.isSignedIn(world)).isTrue();
    assertThat(alice.isBrowserSignedIn()).isTrue();
    long asked = asked(office);
    aWhileLater();
    assertThat(asked(office)).as("and nobody asks again").isEqualTo(asked);
  }

  @Test
  void so_does_who_was_signed_out_of_everything_for_hours() {
    var office = LeavingHouse.office();
    var alice = at(LeavingHouse.branch(), "out-" + other, Map.of());
    link(alice, office, "admins");
    sql(
        "update latchkey.oauth_sessions set finished_at = now(), finished_reason = 'revoked' where user_id = '%s'"
            .formatted(alice.person().id()));
    sql(
        "update latchkey.browser_sessions set finished_at = now() where user_id = '%s'"
            .formatted(alice.person().id()));
    world.clock().advance(Duration.ofHours(2));
    world.runJobs();
    assertThat(isAdmin(alice)).isTrue();

    office.disable(other);
    aWhileLater();

    assertThat(isAdmin(alice)).isFalse();
  }

  @Test
  void a_right_that_somebody_else_gave_is_not_taken_by_a_link() {
    var alice = at(LeavingHouse.branch(), "right-" + other, Map.of());
    sql(
        "update latchkey.users set can_request_admin = true where id = '%s'"
            .formatted(alice.person().id()));
    link(alice, LeavingHouse.office(), "matrix");

    aWhileLater();

    assertThat(asked(LeavingHouse.office())).isPositive();
    assertThat(isAdmin(alice)).isTrue();
  }

  @Test
  void who_signs_in_by_it_later_is_out_as_anybody_is() {
    var office = LeavingHouse.office();
    var alice = at(LeavingHouse.branch(), "later-" + other, Map.of());
    link(alice, office, "matrix");
    assertThat(Trip.through(new Browser(), office, "?kind=manage_account").location())
        .isEqualTo("/account/");
    assertThat(browsers(alice)).isEqualTo(2);

    office.disable(other);
    aWhileLater();
    aWhileLater();

    assertThat(alice.isBrowserSignedIn()).isTrue();
    assertThat(browsers(alice)).isEqualTo(1);
  }

  private static long browsers(Newcomer one) {
    return count(
        "select count(*) from latchkey.browser_sessions where user_id = '%s' and finished_at is null"
            .formatted(one.person().id()));
  }

  @Test
  void who_is_gone_at_both_has_nothing_left() {
    var office = LeavingHouse.office();
    var branch = LeavingHouse.branch();
    var alice = at(branch, "both-" + other, Map.of());
    link(alice, office, "matrix");
    forgetPassword(alice);
    giveAppPassword(alice);

    office.disable(other);
    branch.disable("both-" + other);
    aWhileLater();
    aWhileLater();

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(alice.isBrowserSignedIn()).isFalse();
    assertThat(appPasswords(alice)).isZero();
  }

  @Test
  void a_link_that_is_nobodys_is_forgotten_after_a_week_and_others_are_not() {
    var friends = LeavingHouse.friends();
    var alice = at(friends, "week-" + other, Map.of());
    link(alice, LeavingHouse.office(), "matrix");
    LeavingHouse.office().person("refused-" + other, Map.of("groups", List.of("others")));
    Trip.through(new Browser(), LeavingHouse.office(), "?kind=manage_account");
    assertThat(links("refused-" + other)).isEqualTo(1);

    world.clock().advance(Duration.ofDays(6));
    world.runJobs();
    assertThat(links("refused-" + other)).isEqualTo(1);
    world.clock().advance(Duration.ofDays(2));
    world.runJobs();

    assertThat(links("refused-" + other)).isZero();
    assertThat(links(other)).isEqualTo(1);
  }

  private static long links(String subject) {
    return count(
        "select count(*) from latchkey.upstream_links where subject = '%s'".formatted(subject));
  }
}
