package latchkey.domain.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import latchkey.base.system.Ids;
import latchkey.world.FakeUpstream;
import latchkey.world.LeavingHouse;
import latchkey.world.LegacyNewcomer;
import latchkey.world.Logs;
import latchkey.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who is gone at their provider is out here, soon and without a message from there.
@QuarkusTest
@WithTestResource(LeavingHouse.class)
class RevalidateUpstreamTest extends LeavingScene {
  @Test
  void who_is_there_stays_however_often_the_provider_is_asked() {
    var alice = at(LeavingHouse.office(), "there", MEMBER);

    for (int i = 1; i <= 3; i++) {
      aWhileLater();

      assertThat(asked(LeavingHouse.office())).isEqualTo(i);
      assertThat(alice.isSignedIn(world)).isTrue();
    }
  }

  @Test
  void nobody_is_asked_about_before_it_is_time() {
    at(LeavingHouse.office(), "early", MEMBER);

    world.clock().advance(Duration.ofSeconds(60));
    world.runJobs();

    assertThat(asked(LeavingHouse.office())).isZero();
  }

  @Test
  void who_was_disabled_is_out_with_their_devices_and_the_admin_sees_why() {
    var office = LeavingHouse.office();
    var alice = at(office, "gone", MEMBER);
    var bob = at(office, "stays", MEMBER);
    world.runJobs();
    office.disable("gone");

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(alice.isBrowserSignedIn()).isFalse();
    assertThat(alice.reason()).isEqualTo("upstream_gone");
    assertThat(alice.events()).contains("upstream_gone");
    assertThat(details(alice, "upstream_gone")).contains(office.id(), "Office", "invalid_grant");
    assertThat(world.homeserver().devices(alice.person().username())).isEmpty();
    assertThat(bob.isSignedIn(world)).isTrue();
    assertThat(world.homeserver().devices(bob.person().username())).contains(bob.device());
  }

  @Test
  void who_was_disabled_is_out_of_a_legacy_client_too() {
    var office = LeavingHouse.office();
    office.person("gone-old", LeavingHouse.member("old.client.gone"));
    var alice = LegacyNewcomer.of(office, "old.client.gone");
    aWhileLater();
    assertThat(world.isActive(alice.access())).isTrue();
    assertThat(world.homeserver().devices(alice.username())).contains(alice.device());
    office.disable("gone-old");

    aWhileLater();

    assertThat(world.isActive(alice.access())).isFalse();
    assertThat(world.homeserver().devices(alice.username())).isEmpty();
  }

  @Test
  void a_provider_that_is_down_ends_nobody_and_is_asked_again() {
    var office = LeavingHouse.office();
    var alice = at(office, "patient", MEMBER);
    office.goDown();

    aWhileLater();
    aWhileLater();
    assertThat(alice.isSignedIn(world)).isTrue();
    assertThat(alice.isBrowserSignedIn()).isTrue();

    office.comeBack();
    office.disable("patient");
    aWhileLater();
    assertThat(alice.isSignedIn(world)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILS", "BABBLES", "REDIRECTS", "OVERSIZED"})
  void an_answer_that_is_none_ends_nobody(FakeUpstream.Fault fault) {
    var office = LeavingHouse.office();
    var alice = at(office, "f-" + fault, MEMBER);
    office.fault(FakeUpstream.Endpoint.TOKEN, fault);

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isTrue();
  }

  @Test
  void a_provider_that_does_not_accept_us_ends_nobody() {
    var office = LeavingHouse.office();
    var alice = at(office, "unaccepted", MEMBER);
    office.changeClientSecret("a secret nobody has told us, long enough for HS256");

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isTrue();
  }

  @Test
  void a_provider_that_is_down_holds_up_no_other() {
    var office = LeavingHouse.office();
    var branch = LeavingHouse.branch();
    for (int i = 0; i < 5; i++) {
      at(office, "waiting-" + i, MEMBER);
    }
    var alice = at(branch, "elsewhere", Map.of());
    office.goDown();
    branch.disable("elsewhere");

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isFalse();
  }

  @Test
  void what_cannot_be_read_keeps_nobody_else_from_leaving_and_is_told_once() {
    var office = LeavingHouse.office();
    var alice = at(office, "last", MEMBER);
    var damaged = IntStream.range(0, 4).mapToObj(i -> at(office, "damaged-" + i, MEMBER)).toList();
    damaged.forEach(
        one ->
            World.sql(
                "update latchkey.upstream_sessions set encrypted_refresh_token = 'AAAA', revalidate_at = revalidate_at - interval '1 second' where id = '%s'"
                    .formatted(one.trip())));
    office.disable("last");

    try (var log = Logs.of(RevalidateUpstreamJob.class)) {
      aWhileLater();
      aWhileLater();

      assertThat(alice.isSignedIn(world)).isFalse();
      assertThat(damaged).allMatch(one -> one.isSignedIn(world));
      var first = Ids.text(damaged.getFirst().person().id());
      assertThat(log.texts())
          .filteredOn(line -> line.contains(first))
          .singleElement(STRING)
          .contains("nobody knows whether user", "under another secrets.encryption");
    }
  }

  @Test
  void a_provider_that_is_not_configured_any_more_is_told_of_once() {
    var office = LeavingHouse.office();
    var alice = at(office, "of-the-past", MEMBER);
    var other = "01JFVB00000000000000000009";
    link(alice, other);
    World.sql(
        "update latchkey.upstream_sessions set provider_id = '%s' where id = '%s'"
            .formatted(Ids.parse(other).orElseThrow(), alice.trip()));

    try (var log = Logs.of(RevalidateUpstreamJob.class)) {
      aWhileLater();
      aWhileLater();

      assertThat(alice.isSignedIn(world)).isTrue();
      assertThat(log.texts())
          .filteredOn(line -> line.contains(other))
          .singleElement(STRING)
          .contains("is not configured or not enabled", "nobody leaves");
    }
  }

  @Test
  void claims_of_somebody_else_end_nobody_and_give_nothing() {
    var office = LeavingHouse.office();
    var alice = at(office, "herself", MEMBER);
    office.onIdToken(
        claims -> {
          claims.put("sub", "somebody else");
          claims.put("groups", List.of("admins"));
        });

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isTrue();
    assertThat(isAdmin(alice)).isFalse();
  }

  @Test
  void who_left_the_group_is_out_by_the_rules() {
    var office = LeavingHouse.office();
    var alice = at(office, "left", MEMBER);
    office.person("left", Map.of("groups", List.of("others")));

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(alice.reason()).isEqualTo("upstream_refused");
    assertThat(details(alice, "upstream_refused")).contains("none of the groups");
  }

  @Test
  void about_who_has_signed_out_everywhere_nobody_is_asked() {
    var office = LeavingHouse.office();
    var alice = at(office, "out", MEMBER);
    World.sql(
        "update latchkey.oauth_sessions set finished_at = now(), finished_reason = 'signed_out' where user_id = '%s'"
            .formatted(alice.person().id()));
    alice.browser().submit("/logout", alice.browser().get("/"), Map.of());

    aWhileLater();

    assertThat(asked(office)).isZero();
  }

  @Test
  void claims_of_somebody_else_are_that_without_a_claim_that_is_required_too() {
    var office = LeavingHouse.office();
    var alice = at(office, "nameless", MEMBER);
    office.onIdToken(
        claims -> {
          claims.put("sub", "somebody else");
          claims.remove("preferred_username");
          claims.put("groups", List.of("admins"));
        });

    aWhileLater();

    assertThat(alice.isSignedIn(world)).isTrue();
    assertThat(isAdmin(alice)).isFalse();
  }

  @Test
  void of_two_sign_ins_in_one_browser_the_later_one_counts() {
    var office = LeavingHouse.office();
    var alice = at(office, "twice", MEMBER);
    world.clock().advance(Duration.ofSeconds(2));
    var again = alice.again(world, office, encryption);

    aWhileLater();

    assertThat(hasRefreshToken(alice)).isFalse();
    assertThat(hasRefreshToken(again)).isTrue();
    assertThat(alice.isSignedIn(world)).isTrue();
  }
}
