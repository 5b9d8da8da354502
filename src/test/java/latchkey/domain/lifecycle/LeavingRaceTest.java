package latchkey.domain.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.domain.session.FinishReason;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamLeavingRepository.Due;
import latchkey.world.LeavingHouse;
import latchkey.world.Meanwhile;
import latchkey.world.Newcomer;
import latchkey.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who leaves while they, or another replica, do something else.
@QuarkusTest
@WithTestResource(LeavingHouse.class)
class LeavingRaceTest extends LeavingScene {
  @Inject Providers providers;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void who_signs_in_elsewhere_meanwhile_keeps_what_that_gave_them(boolean refreshToken)
      throws Exception {
    var alice = anAdminByGroup("afresh-" + refreshToken);
    var due = due();
    var browser = new Ids(new Randomness()).next(world.clock().instant());

    Meanwhile.during(
        () -> leave(due.getFirst()),
        alice.person().id(),
        "insert into latchkey.browser_sessions (id, user_id, created_at, authenticated_at, amr) values ('%s', '%s', now(), now(), '{upstream}');"
                .formatted(browser, alice.person().id())
            + signsIn(alice, browser, refreshToken));

    assertThat(alice.isBrowserSignedIn()).as("what ended there").isFalse();
    assertThat(
            World.count(
                "select count(*) from latchkey.browser_sessions where id = '%s' and finished_at is null"
                    .formatted(browser)))
        .as("what was begun meanwhile")
        .isEqualTo(1);
    keepsEverything(alice);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void who_signs_in_at_the_same_browser_meanwhile_loses_nothing(boolean refreshToken)
      throws Exception {
    var alice = anAdminByGroup("renewed-" + refreshToken);
    var due = due();

    Meanwhile.during(
        () -> leave(due.getFirst()),
        alice.person().id(),
        signsIn(alice, alice.browserSession(), refreshToken));

    assertThat(alice.isSignedIn(world)).isTrue();
    assertThat(alice.isBrowserSignedIn()).isTrue();
    keepsEverything(alice);
  }

  @Test
  void who_unlinks_meanwhile_keeps_what_is_theirs_otherwise() throws Exception {
    var alice = anAdminByGroup("unlinked");
    var due = due();

    Meanwhile.during(() -> leave(due.getFirst()), alice.person().id(), unlink(alice));

    keepsEverything(alice);
  }

  @Test
  void who_unlinks_while_the_provider_answers_stays_what_an_admin_made_them() throws Exception {
    var alice = at(LeavingHouse.office(), "by-hand", MEMBER);
    World.sql(
        "update latchkey.users set can_request_admin = true where id = '%s'"
            .formatted(alice.person().id()));

    Meanwhile.during(
        () -> {
          aWhileLater();
          return true;
        },
        alice.person().id(),
        unlink(alice));

    assertThat(asked(LeavingHouse.office())).isEqualTo(1);
    assertThat(isAdmin(alice)).isTrue();
  }

  @Test
  void about_whom_an_admin_has_decided_meanwhile_nothing_is_done() throws Exception {
    var alice = anAdminByGroup("decided");
    var due = due();
    World.sql(
        "update latchkey.upstream_sessions set encrypted_refresh_token = null, revalidate_at = null where id = '%s'"
            .formatted(alice.trip()));

    leave(due.getFirst());

    assertThat(alice.isSignedIn(world)).isTrue();
    keepsEverything(alice);
  }

  /// As at two replicas, each of which ends one, and asks by the other at once.
  @Test
  void two_sessions_that_end_at_once_do_not_wait_for_each_other() throws Exception {
    var alice = at(LeavingHouse.office(), "two-at-once", MEMBER);
    alice.elsewhere(world, LeavingHouse.office(), encryption);
    var due = due();
    World.sql(
        """
        create function latchkey.slow() returns trigger language plpgsql as $$
          begin perform pg_sleep(0.7); return new; end $$;
        create trigger slow before update on latchkey.upstream_sessions for each row
          when (old.encrypted_refresh_token is not null and new.encrypted_refresh_token is null)
          execute function latchkey.slow()
        """);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var leaving =
          threads.invokeAll(due.stream().map(one -> (Callable<Boolean>) () -> leave(one)).toList());

      for (var one : leaving) {
        assertThat(one.get()).isTrue();
      }
    } finally {
      World.sql("drop function latchkey.slow() cascade");
    }
    assertThat(due).hasSize(2);
    assertThat(
            World.count(
                "select count(*) from latchkey.upstream_sessions where link_id = '%s' and encrypted_refresh_token is not null"
                    .formatted(alice.link())))
        .isZero();
  }

  /// One whom nothing but the provider vouches for, with an app password.
  private Newcomer anAdminByGroup(String subject) {
    var alice = at(LeavingHouse.office(), subject, MEMBER);
    forgetPassword(alice);
    giveAppPassword(alice);
    World.sql(
        "update latchkey.users set can_request_admin = true where id = '%s'"
            .formatted(alice.person().id()));
    World.sql(
        "update latchkey.upstream_links set gave_admin = true where id = '%s'"
            .formatted(alice.link()));
    return alice;
  }

  private static void keepsEverything(Newcomer alice) {
    assertThat(appPasswords(alice)).isEqualTo(1);
    assertThat(isAdmin(alice)).isTrue();
    assertThat(isGone(alice)).isFalse();
  }

  private List<Due> due() {
    world.clock().advance(A_WHILE);
    return revalidate.take(world.clock().instant(), Duration.ofMinutes(2), 10);
  }

  private boolean leave(Due due) throws Exception {
    var provider = providers.find(due.providerId()).orElseThrow();
    var gone = new RevalidateUpstream.Answer.Leaving(FinishReason.UPSTREAM_GONE, "gone");
    revalidate.leave(provider, due, gone, world.clock().instant());
    return true;
  }

  private String signsIn(Newcomer one, UUID browser, boolean refreshToken) {
    return """
    insert into latchkey.upstream_sessions (id, provider_id, link_id, browser_session_id, created_at, completed_at,
           consumed_at, subject, encrypted_refresh_token, revalidate_at)
    select gen_random_uuid(), provider_id, link_id, '%s', created_at, completed_at, '%s', subject,
           %s, revalidate_at + interval '1 day'
      from latchkey.upstream_sessions where id = '%s'
    """
        .formatted(
            browser,
            world.clock().instant().plusSeconds(1),
            refreshToken ? "encrypted_refresh_token" : "null",
            one.trip());
  }

  private static String unlink(Newcomer one) {
    return "update latchkey.upstream_links set user_id = null where id = '%s'"
        .formatted(one.link());
  }
}
