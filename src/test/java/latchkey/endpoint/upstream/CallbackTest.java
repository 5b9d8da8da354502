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
}
