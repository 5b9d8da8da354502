package latchkey.endpoint.upstream;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream.Endpoint;
import latchkey.world.FakeUpstream.Fault;
import latchkey.world.Trip;
import latchkey.world.UpstreamHouse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What comes to the callback, and all that must not get anybody in (`pages.md` 5.2).
@QuarkusTest
@WithTestResource(UpstreamHouse.class)
class CallbackTest extends UpstreamScene {
  static Stream<Arguments> answers() {
    return Stream.of(
        row("nothing at all", 400, answer -> answer.with(none("code", "state", "iss"))),
        row("no state", 400, answer -> answer.with(none("state"))),
        row("no code", 400, answer -> answer.with(none("code"))),
        row("another state", 400, answer -> answer.with(Map.of("state", "x".repeat(43)))),
        row(
            "a provider that is none",
            404,
            answer -> elsewhere(answer, "01KB0000000000000000000009")),
        row("what is no id", 404, answer -> elsewhere(answer, "none")),
        row("another provider's callback", 400, answer -> answer.at(UpstreamHouse.bare())),
        row(
            "the iss of another provider",
            400,
            answer -> answer.with(Map.of("iss", "https://evil.example/"))),
        row("no iss, where the provider promises one", 400, answer -> answer.with(none("iss"))),
        row("an error", 400, answer -> answer.with(Map.of("code", "", "error", "access_denied"))),
        row(
            "a code that the provider does not know",
            500,
            answer -> answer.with(Map.of("code", "x"))));
  }

  private static Arguments row(String what, int status, UnaryOperator<Trip.Answer> change) {
    return Arguments.of(what, status, change);
  }

  private static Map<String, String> none(String... names) {
    return Stream.of(names).collect(Collectors.toMap(name -> name, _ -> ""));
  }

  private static Trip.Answer elsewhere(Trip.Answer answer, String provider) {
    return new Trip.Answer(
        answer.url().replaceFirst("/callback/[^?]*", "/callback/" + provider), answer.form());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void nobody_comes_in_by(String what, int status, UnaryOperator<Trip.Answer> change) {
    var people = UpstreamHouse.people();
    comes(people);
    var good = Trip.ask(browser, Trip.leave(browser, people, ""));

    var refused = change.apply(good).deliver(browser);

    assertThat(refused.status()).as(what + ": " + refused.body()).isEqualTo(status);
    assertThat(refused.headers().get("content-type")).startsWith("text/html");
    assertThat(signedIn(browser)).isEmpty();
    assertThat(users(name)).isZero();
    assertThat(refused.body()).doesNotContain(good.parameters().get("code"));
  }

  @Test
  @Tag("RFC6819-4.4.1.7")
  void nor_in_a_browser_that_did_not_leave_for_it() {
    var people = UpstreamHouse.people();
    comes(people);
    var attacker = new Browser();
    var planted = Trip.ask(attacker, Trip.leave(attacker, people, ""));

    var victim = planted.deliver(browser);

    assertThat(victim.status()).isEqualTo(400);
    assertThat(signedIn(browser)).isEmpty();
    // Nor if the victim is on a trip of their own.
    Trip.leave(browser, people, "");
    assertThat(planted.deliver(browser).status()).isEqualTo(400);
    // Whoever left for it can still come back.
    assertThat(planted.deliver(attacker).status()).isEqualTo(303);
  }

  @Test
  @Tag("RFC9700-4.5")
  void nor_by_a_code_that_somebody_else_has_got() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(new Browser(), people, "", name);
    var stolen =
        Trip.ask(new Browser(), Trip.leave(new Browser(), people, "")).parameters().get("code");
    var mine = Trip.ask(browser, Trip.leave(browser, people, ""));

    var injected = mine.with(Map.of("code", String.valueOf(stolen))).deliver(browser);

    assertThat(injected.status()).isEqualTo(500);
    assertThat(signedIn(browser)).isEmpty();
  }

  @Test
  @Tag("RFC9700-4.4")
  void nor_by_an_answer_of_another_provider() {
    var people = UpstreamHouse.people();
    var staff = UpstreamHouse.staff();
    comes(people);
    comes(staff);
    // An attacker's provider sends the browser to the honest one, and its answer to its own
    // callback.
    var forStaff = Trip.leave(browser, staff, "");
    var state = new Browser.Page(302, "", Map.of("location", forStaff)).answer().get("state");
    var honest = Trip.ask(browser, Trip.leave(browser, people, ""));

    assertThat(honest.at(staff).deliver(browser).status()).isEqualTo(400);
    assertThat(
            honest.at(staff).with(Map.of("state", String.valueOf(state))).deliver(browser).status())
        .isEqualTo(400);
    assertThat(staff.asked(Endpoint.TOKEN)).as("the code went nowhere").isEmpty();
    assertThat(users(name)).isZero();
  }

  @Test
  void nor_twice_by_the_same_answer() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(new Browser(), people, "", name);
    people.takesCodesTwice();
    var answer = Trip.ask(browser, Trip.leave(browser, people, ""));
    var before = browser.copy();
    var arrived = answer.deliver(browser);

    assertThat(answer.deliver(browser).status()).as("before it is used").isEqualTo(400);
    assertThat(answer.deliver(before).status()).as("with a copy of the cookies").isEqualTo(400);
    var copy = browser.copy();
    assertThat(browser.get(arrived.location()).status()).isEqualTo(303);
    assertThat(answer.deliver(browser).status()).as("after it").isEqualTo(400);
    assertThat(copy.get(arrived.location()).status())
        .as("a copy of the cookies, of before it was used")
        .isEqualTo(400);
    assertThat(signedIn(copy)).isEmpty();
  }

  /// Either alone has to do: one provider has the nonce and no PKCE, the other PKCE and no nonce.
  @Test
  @Tag("RFC9700-4.5")
  void nor_by_a_stolen_code_where_only_the_nonce_or_only_pkce_speaks_against_it() {
    comes(UpstreamHouse.staff());
    UpstreamHouse.bare().person("gh-" + name, Map.of("id", name.hashCode(), "login", name));
    for (var provider : List.of(UpstreamHouse.staff(), UpstreamHouse.bare())) {
      var victim = new Browser();
      var stolen = Trip.ask(victim, Trip.leave(victim, provider, "")).parameters().get("code");
      var attacker = new Browser();
      var mine = Trip.ask(attacker, Trip.leave(attacker, provider, ""));

      var injected = mine.with(Map.of("code", String.valueOf(stolen))).deliver(attacker);

      assertThat(injected.status()).as(injected.body()).isEqualTo(500);
      assertThat(signedIn(attacker)).isEmpty();
    }
    assertThat(UpstreamHouse.staff().lastAsked(Endpoint.TOKEN)).doesNotContainKey("code_verifier");
    assertThat(UpstreamHouse.bare().lastAsked(Endpoint.TOKEN)).containsKey("code_verifier");
    assertThat(UpstreamHouse.bare().lastAsked(Endpoint.AUTHORIZE)).doesNotContainKey("nonce");
    assertThat(users(name)).isZero();
  }

  @Test
  void a_trip_is_good_for_one_code_and_leaves_one_event() {
    var people = UpstreamHouse.people();
    comes(people);
    var good = Trip.ask(browser, Trip.leave(browser, people, ""));
    var before = refusals();

    var wrong = good.with(Map.of("code", "x")).deliver(browser);

    assertThat(wrong.status()).isEqualTo(500);
    assertThat(wrong.body()).contains("class=\"reference\"", "GET-");
    assertThat(good.with(Map.of("code", "y")).deliver(browser).status()).isEqualTo(400);
    assertThat(good.deliver(browser).status()).isEqualTo(400);
    assertThat(people.asked(Endpoint.TOKEN)).hasSize(1);
    assertThat(refusals()).isEqualTo(before + 1);
  }

  @Test
  void what_a_provider_makes_of_one_call_closes_it_for_nobody_else() {
    var people = UpstreamHouse.people();
    comes(people);
    var other = new Browser();
    var theirs = Trip.ask(other, Trip.leave(other, people, ""));
    people.fault(Endpoint.TOKEN, Fault.HAS_ENOUGH);

    assertThat(Trip.callback(browser, people, "").status()).isEqualTo(503);

    assertThat(browser.get("/login").body()).doesNotContain("does not answer");
    people.clearFaults();
    assertThat(theirs.deliver(other).status()).isEqualTo(303);
  }

  private static long refusals() {
    return count("select count(*) from latchkey.audit_events where kind = 'upstream_refused'");
  }

  @Test
  void nor_after_ten_minutes() {
    var people = UpstreamHouse.people();
    comes(people);
    var answer = Trip.ask(browser, Trip.leave(browser, people, ""));
    world.clock().advance(Duration.ofMinutes(11));

    assertThat(answer.deliver(browser).status()).isEqualTo(400);

    var path = Trip.arrive(browser, people, "");
    world.clock().advance(Duration.ofMinutes(11));
    assertThat(browser.get(path).status()).isEqualTo(400);
  }

  @Test
  void the_link_page_is_of_no_use_without_the_cookie() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(new Browser(), people, "", name);
    var path = Trip.arrive(browser, people, "");

    var other = new Browser();

    assertThat(other.get(path).status()).isEqualTo(400);
    assertThat(signedIn(other)).isEmpty();
    assertThat(other.get("/upstream/link/none").status()).isEqualTo(400);
  }

  @Test
  void a_posted_answer_is_posted_again_from_here_so_that_the_cookie_comes_along() {
    var posting = UpstreamHouse.posting();
    comes(posting);
    var answer = Trip.ask(browser, Trip.leave(browser, posting, ""));

    var again = browser.postFromElsewhere(answer.url(), answer.form());

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.fields()).containsAllEntriesOf(answer.form());
    assertThat(again.fields()).containsEntry("did_mas_repost_to_itself", "true");
    assertThat(again.headers().get("content-security-policy"))
        .contains("script-src 'self'", "form-action 'self'");
    assertThat(again.body()).contains("assets/form-post.js", "Coming back from Posting");
    assertThat(browser.submit(answer.url(), again, Map.of()).status()).isEqualTo(303);
    // And not for ever.
    var stranger = new Browser();
    assertThat(stranger.post(answer.url(), again.fields()).status()).isEqualTo(400);
  }

  @Test
  void the_response_mode_is_the_one_that_was_asked_for() {
    var posting = UpstreamHouse.posting();
    comes(posting);
    var answer = Trip.ask(browser, Trip.leave(browser, posting, ""));

    var query = answer.url() + "?" + Browser.encode(answer.form());

    assertThat(browser.get(query).status()).isEqualTo(400);
    assertThat(answer.deliver(browser).status()).isEqualTo(303);
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
    return Stream.of(Arguments.of(Fault.FAILS, 503), Arguments.of(Fault.BABBLES, 500));
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

  @Test
  void nothing_of_a_trip_that_could_be_used_is_in_the_database() {
    var people = UpstreamHouse.people();
    comes(people);
    var there = Trip.leave(browser, people, "");
    var asked = new Browser.Page(302, "", Map.of("location", there)).answer();

    for (var secret : List.of("state", "nonce", "code_challenge")) {
      assertThat(
              count(
                  "select count(*) from latchkey.upstream_sessions s where s::text like '%%%s%%'"
                      .formatted(asked.get(secret))))
          .isZero();
    }
    assertThat(asked.get("redirect_uri")).endsWith("/upstream/callback/" + people.id());
  }

  @Test
  void a_continuation_is_never_an_address() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(new Browser(), people, "", name);

    for (var evil :
        List.of(
            "?kind=https://evil.example",
            "?kind=continue_authorization_grant&id=https://evil.example",
            "?next=//evil.example",
            "?kind=manage_account&action=//evil.example",
            "?kind=account_page&page=https://evil.example")) {
      var back = Trip.through(new Browser(), people, evil);

      assertThat(back.status()).isEqualTo(303);
      assertThat(back.location()).startsWith("/").doesNotStartWith("//").doesNotContain("evil");
    }
  }

  @Test
  void many_trips_at_once_leave_a_cookie_that_browsers_take() {
    var people = UpstreamHouse.people();
    comes(people);
    for (int i = 0; i < 30; i++) {
      Trip.leave(browser, people, "?kind=manage_account&device_id=" + "D".repeat(200));
    }

    var last = browser.get("/upstream/authorize/" + people.id());

    assertThat(last.headers().get("set-cookie").length()).isLessThan(4000);
    assertThat(Trip.ask(browser, last.location()).deliver(browser).status()).isEqualTo(303);
  }

  @Test
  void a_provider_that_is_none_is_not_found() {
    assertThat(browser.get("/upstream/authorize/01KB0000000000000000000009").status())
        .isEqualTo(404);
    assertThat(browser.get("/upstream/authorize/people").status()).isEqualTo(404);
  }
}
