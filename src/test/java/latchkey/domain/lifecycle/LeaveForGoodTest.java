package latchkey.domain.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import latchkey.base.system.Ids;
import latchkey.world.Browser;
import latchkey.world.LeavingHouse;
import latchkey.world.Newcomer;
import latchkey.world.Way;
import latchkey.world.World;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who is gone keeps nothing that nobody else vouches for, and no right that came from there.
@QuarkusTest
@WithTestResource(LeavingHouse.class)
class LeaveForGoodTest extends LeavingScene {
  @Test
  void whom_nothing_else_vouches_for_loses_everything() {
    var office = LeavingHouse.office();
    var alice = at(office, "only-way", MEMBER);
    var elsewhere = world.logIn(alice.person());
    giveAppPassword(alice);
    forgetPassword(alice);
    office.disable("only-way");

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(world.isActive(elsewhere.access())).isFalse();
    assertThat(appPasswords(alice)).isZero();
  }

  @Test
  void who_has_a_password_keeps_what_they_began_with_it() {
    var office = LeavingHouse.office();
    var alice = at(office, "two-ways", MEMBER);
    var elsewhere = world.logIn(alice.person());
    giveAppPassword(alice);
    office.disable("two-ways");

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(world.isActive(elsewhere.access())).isTrue();
    assertThat(appPasswords(alice)).isEqualTo(1);
  }

  @Test
  void what_somebody_may_be_follows_their_groups() {
    var office = LeavingHouse.office();
    var alice = at(office, "promoted", MEMBER);
    office.person("promoted", Map.of("groups", List.of("admins", "auditors")));

    aWhileLater();
    assertThat(isAdmin(alice)).isTrue();
    assertThat(scopes(alice)).isEqualTo("{urn:example:reports}");

    office.person("promoted", MEMBER);
    aWhileLater();
    assertThat(isAdmin(alice)).isFalse();
    assertThat(scopes(alice)).isEqualTo("{}");
    assertThat(alice.events()).containsSubsequence("admin_granted", "admin_withdrawn");
    assertThat(alice.isSignedIn(world)).isTrue();
  }

  @Test
  void who_signed_out_and_keeps_an_app_password_is_asked_about_and_loses_it() {
    var office = LeavingHouse.office();
    var alice = at(office, "app-only", MEMBER);
    forgetPassword(alice);
    giveAppPassword(alice);
    World.sql(
        "update latchkey.oauth_sessions set finished_at = now(), finished_reason = 'signed_out' where user_id = '%s'"
            .formatted(alice.person().id()));
    alice.browser().submit("/logout", alice.browser().get("/"), Map.of());
    office.disable("app-only");

    aWhileLater();

    assertThat(asked(office)).isEqualTo(1);
    assertThat(appPasswords(alice)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "01KB00000000000000000PR0VF, , true",
    "01KB00000000000000000PR0VF, gone_at, false",
    "01KB00000000000000000PR0VF, held_at, false",
    "01KB00000000000000000PR0VZ, , false"
  })
  void only_a_provider_that_is_there_and_knows_them_is_another_way(
      String provider, @Nullable String mark, boolean counts) {
    var office = LeavingHouse.office();
    var subject = "way-" + provider.charAt(25) + mark;
    var alice = at(office, subject, MEMBER);
    forgetPassword(alice);
    giveAppPassword(alice);
    link(alice, provider);
    if (mark != null) {
      World.sql(
          "update latchkey.upstream_links set %s = now() where user_id = '%s' and subject like 'also-%%'"
              .formatted(mark, alice.person().id()));
    }
    office.disable(subject);

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(appPasswords(alice)).isEqualTo(counts ? 1 : 0);
  }

  @Test
  void what_somebody_was_by_their_groups_they_are_no_more_once_they_are_gone() {
    var office = LeavingHouse.office();
    var alice = at(office, "was-admin", MEMBER);
    office.person("was-admin", Map.of("groups", List.of("admins", "auditors")));
    aWhileLater();
    assertThat(isAdmin(alice)).isTrue();
    office.disable("was-admin");

    aWhileLater();

    assertThat(isAdmin(alice)).isFalse();
    assertThat(scopes(alice)).isEqualTo("{}");
    assertThat(alice.events()).contains("admin_withdrawn");
  }

  @Test
  void an_admin_made_by_hand_stays_one_though_they_are_gone() {
    var branch = LeavingHouse.branch();
    var alice = at(branch, "by-hand", Map.of());
    World.sql(
        "update latchkey.users set can_request_admin = true where id = '%s'"
            .formatted(alice.person().id()));
    branch.disable("by-hand");

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(isAdmin(alice)).isTrue();
  }

  @Test
  void who_comes_back_through_the_provider_is_again_what_they_were() {
    var branch = LeavingHouse.branch();
    var alice = at(branch, "returns", Map.of());
    branch.disable("returns");
    aWhileLater();
    assertThat(isGone(alice)).isTrue();
    branch.enable("returns");
    branch.person("returns", Map.of());

    Way.in(new Browser(), branch);

    assertThat(isGone(alice)).isFalse();
  }

  @Test
  void where_most_people_would_leave_at_once_nobody_does() {
    var branch = LeavingHouse.branch();
    var many = new ArrayList<Newcomer>();
    for (int i = 0; i < 5; i++) {
      many.add(at(branch, "many-" + i, Map.of()));
    }
    many.forEach(one -> branch.disable(one.subject()));

    aWhileLater();

    assertThat(many).allMatch(one -> one.isSignedIn(world));
    assertThat(exitsHeld(branch)).isEqualTo(1);

    // Most others are there: then it is about these five.
    var others = new ArrayList<Newcomer>();
    for (int i = 0; i < 6; i++) {
      others.add(at(branch, "other-" + i, Map.of()));
    }
    aWhileLater();

    assertThat(many).noneMatch(one -> one.isSignedIn(world));
    assertThat(others).allMatch(one -> one.isSignedIn(world));
    assertThat(exitsHeld(branch)).isZero();
  }

  @Test
  void a_provider_without_refresh_tokens_is_found() {
    var friends = LeavingHouse.friends();
    at(friends, "unaskable", Map.of());
    World.sql(
        "update latchkey.upstream_sessions set encrypted_refresh_token = null where subject = 'unaskable'");
    assertThat(revalidate.silent()).contains(Ids.parse(friends.id()).orElseThrow());

    at(friends, "askable", Map.of());

    assertThat(revalidate.silent()).doesNotContain(Ids.parse(friends.id()).orElseThrow());
  }
}
