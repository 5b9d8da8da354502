package latchkey.endpoint.upstream;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.stream.Stream;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream.Endpoint;
import latchkey.world.FakeUpstream.Fault;
import latchkey.world.Trip;
import latchkey.world.UpstreamHouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Who comes back and is not let in is told why, and nobody else is kept out (`pages.md` 5.2).
@QuarkusTest
@WithTestResource(UpstreamHouse.class)
class CallbackTroubleTest extends UpstreamScene {
  @ParameterizedTest
  @EnumSource(names = {"HAS_ENOUGH", "FAILS"})
  void what_a_provider_makes_of_one_call_closes_it_for_nobody_else(Fault fault) {
    var people = UpstreamHouse.people();
    comes(people);
    var other = new Browser();
    var theirs = Trip.ask(other, Trip.leave(other, people, ""));
    people.fault(Endpoint.TOKEN, fault);

    assertThat(Trip.callback(browser, people, "").status()).isEqualTo(503);

    assertThat(browser.get("/login").body()).doesNotContain("does not answer");
    people.clearFaults();
    assertThat(theirs.deliver(other).status()).isEqualTo(303);
  }

  @Test
  void what_a_provider_says_is_shown_escaped_and_cut_and_only_to_whom_it_is_said() {
    var people = UpstreamHouse.people();
    people.refuse(
        "access_denied", "<script>alert(1)</script> ask\u202e your admin " + "x".repeat(600));
    long told = toldOfDenials();
    var answer = Trip.ask(browser, Trip.leave(browser, people, "?kind=manage_account"));

    var page = answer.deliver(browser);
    var elsewhere = answer.deliver(new Browser());
    var again = answer.deliver(browser);

    assertThat(page.status()).isEqualTo(400);
    assertThat(page.body())
        .contains("People did not sign you in", "access_denied: &lt;script&gt;", "…")
        .contains("/login?kind=manage_account")
        .doesNotContain("<script>alert", "x".repeat(200), "\u202e");
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.body()).doesNotContain("access_denied");
    assertThat(toldOfDenials()).isEqualTo(told + 1);
    assertThat(elsewhere.status()).isEqualTo(400);
    assertThat(elsewhere.body()).doesNotContain("access_denied", "your admin");
  }

  private static long toldOfDenials() {
    return count(
        """
        select count(*) from latchkey.audit_events
         where kind = 'upstream_refused' and details ->> 'provider_name' = 'People'
           and details ->> 'reason' like 'it answers access_denied: %'
        """);
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void trouble_is_told_and_nothing_is_lost(Fault fault, int status) {
    var people = UpstreamHouse.people();
    comes(people);
    people.fault(Endpoint.TOKEN, fault);

    var page = Trip.callback(browser, people, "?kind=manage_account");

    assertThat(page.status()).isEqualTo(status);
    assertThat(page.body()).contains("Try again", "ask whoever runs example.com");
    people.reset();
    people.liveBy(world.clock());
    comes(people);
    awaitRecovery();
    assertThat(Trip.register(browser, people, "", name).status()).isEqualTo(303);
  }

  static Stream<Arguments> troubles() {
    return Stream.of(
        Arguments.of(Fault.FAILS, 503),
        Arguments.of(Fault.IS_AWAY, 503),
        Arguments.of(Fault.BABBLES, 500));
  }

  @Test
  void a_provider_without_a_subject_lets_nobody_in() {
    var bare = UpstreamHouse.bare();
    bare.person("nobody", Map.of("login", name));

    var page = Trip.callback(browser, bare, "");

    assertThat(page.status()).isEqualTo(400);
    assertThat(page.body()).contains("Bare does not say enough about you");
  }

  @Test
  void a_person_with_another_sub_is_another_person() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(new Browser(), people, "", name);
    people.person("another-sub", claims(name));

    var page = Trip.through(browser, people, "");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("Sign up with People")
        .doesNotContain("value=\"" + name + "\"");
    assertThat(signedIn(browser)).isEmpty();
  }
}
