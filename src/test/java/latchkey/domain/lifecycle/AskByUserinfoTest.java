package latchkey.domain.lifecycle;

import static latchkey.world.World.count;
import static latchkey.world.World.sql;
import static latchkey.world.World.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream;
import latchkey.world.FakeUpstream.Endpoint;
import latchkey.world.LeavingHouse;
import latchkey.world.Trip;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A provider that gives no refresh tokens, and whose people are asked about by userinfo.
@QuarkusTest
@WithTestResource(LeavingHouse.class)
class AskByUserinfoTest extends LeavingScene {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name = "userinfo" + COUNT.incrementAndGet();
  private final Browser browser = new Browser();
  private FakeUpstream friends;

  @BeforeEach
  void no_refresh_tokens() {
    friends = LeavingHouse.friends();
    friends.person("sub-" + name, Map.of("preferred_username", name));
    ends(3600);
  }

  /// Its access tokens end after so many seconds; it does not say if that is nought.
  private void ends(int seconds) {
    friends.onTokens(
        answer -> {
          answer.remove("refresh_token");
          answer.remove("expires_in");
          if (seconds > 0) {
            answer.put("expires_in", seconds);
          }
        });
  }

  private static void signIn(Browser browser, FakeUpstream provider) {
    assertThat(Trip.through(browser, provider, "?kind=manage_account").location())
        .isEqualTo("/account/");
  }

  private long browsersSignedIn() {
    return count(
        """
        select count(*) from latchkey.browser_sessions b join latchkey.users u on u.id = b.user_id
         where u.username = '%s' and b.finished_at is null
        """
            .formatted(name));
  }

  private int askedByUserinfo() {
    return friends.asked(Endpoint.USERINFO).size();
  }

  private long tokensKept() {
    return count(
        """
        select count(*) from latchkey.upstream_sessions
         where subject = 'sub-%s' and encrypted_refresh_token is not null
        """
            .formatted(name));
  }

  @Test
  void who_is_there_stays_and_who_was_disabled_is_out() {
    signIn(browser, friends);
    int before = askedByUserinfo();

    aWhileLater();
    assertThat(browsersSignedIn()).isEqualTo(1);
    assertThat(askedByUserinfo()).isEqualTo(before + 1);

    friends.disable("sub-" + name);
    aWhileLater();
    assertThat(browsersSignedIn()).isZero();
    assertThat(
            text(
                """
                select details ->> 'reason' from latchkey.audit_events e join latchkey.users u on u.id = e.user_id
                 where e.kind = 'upstream_gone' and u.username = '%s'
                """
                    .formatted(name)))
        .contains("its userinfo endpoint does not take it");
  }

  @Test
  void a_token_that_has_ended_or_will_in_a_minute_says_nothing_about_anybody_and_is_forgotten() {
    ends(400);
    signIn(browser, friends);
    assertThat(tokensKept()).isEqualTo(1);
    world.clock().advance(Duration.ofSeconds(345));
    friends.disable("sub-" + name);
    int before = askedByUserinfo();

    aWhileLater();

    assertThat(browsersSignedIn()).isEqualTo(1);
    assertThat(askedByUserinfo()).isEqualTo(before);
    assertThat(tokensKept()).isZero();
  }

  @Test
  void one_that_may_have_ended_by_itself_ends_nobody_who_is_there_by_another() {
    ends(0);
    signIn(browser, friends);
    friends.forgetAccessTokens();
    var other = new Browser();
    signIn(other, friends);

    aWhileLater();
    assertThat(browsersSignedIn()).isEqualTo(2);
    assertThat(tokensKept()).isEqualTo(1);

    friends.disable("sub-" + name);
    aWhileLater();
    assertThat(browsersSignedIn()).as("nothing vouches for them any more").isZero();
  }

  @Test
  void one_that_has_ended_vouches_for_nobody() {
    signIn(browser, friends);
    signIn(new Browser(), friends);
    sql(
        """
        update latchkey.upstream_sessions set asked_until = '%s', revalidate_at = revalidate_at + interval '1 day'
         where id = (select id from latchkey.upstream_sessions where subject = 'sub-%s' order by created_at limit 1)
        """
            .formatted(world.clock().instant().plusSeconds(30), name));
    friends.disable("sub-" + name);

    aWhileLater();

    assertThat(browsersSignedIn()).isZero();
  }

  @Test
  void an_access_token_takes_the_place_of_no_refresh_token() {
    friends.onTokens(_ -> {});
    signIn(browser, friends);
    ends(3600);
    signIn(browser, friends);

    assertThat(
            count(
                """
                select count(*) from latchkey.upstream_sessions
                 where subject = 'sub-%s' and not by_userinfo and encrypted_refresh_token is not null
                """
                    .formatted(name)))
        .isEqualTo(1);
  }

  @Test
  void a_provider_in_trouble_ends_nobody() {
    signIn(browser, friends);
    friends.fault(Endpoint.USERINFO, FakeUpstream.Fault.FAILS);

    aWhileLater();

    assertThat(browsersSignedIn()).isEqualTo(1);
    assertThat(tokensKept()).isEqualTo(1);
  }

  @Test
  void with_a_refresh_token_no_access_token_is_kept() {
    friends.onTokens(_ -> {});
    signIn(browser, friends);

    assertThat(
            count(
                """
                select count(*) from latchkey.upstream_sessions
                 where subject = 'sub-%s' and not by_userinfo and encrypted_refresh_token is not null
                """
                    .formatted(name)))
        .isEqualTo(1);
  }
}
