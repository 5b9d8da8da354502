package latchkey.endpoint.upstream;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream.Endpoint;
import latchkey.world.Trip;
import latchkey.world.UpstreamHouse;
import org.junit.jupiter.api.Test;

/// A trip to a provider begins, and leaves nothing behind that could be used (`pages.md` 5.1).
@QuarkusTest
@WithTestResource(UpstreamHouse.class)
class StartTripTest extends UpstreamScene {
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
  void a_provider_is_told_for_five_minutes_that_somebody_signed_out_here() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(browser, people, "?kind=manage_account", name);
    assertThat(told(browser)).doesNotContainKey("just_left");
    browser.submit("/logout", browser.get("/account/"), Map.of());
    assertThat(signedIn(browser)).isEmpty();

    assertThat(told(browser)).containsEntry("just_left", "true");
    assertThat(told(new Browser())).doesNotContainKey("just_left");
    world.clock().advance(Duration.ofSeconds(270));
    assertThat(told(browser)).containsEntry("just_left", "true");
    world.clock().advance(Duration.ofSeconds(30));
    assertThat(told(browser)).doesNotContainKey("just_left");
  }

  @Test
  void who_signed_in_again_has_not_just_left() {
    var people = UpstreamHouse.people();
    comes(people);
    Trip.register(browser, people, "?kind=manage_account", name);
    browser.submit("/logout", browser.get("/account/"), Map.of());
    assertThat(told(browser)).containsEntry("just_left", "true");

    Trip.through(browser, people, "?kind=manage_account");

    assertThat(signedIn(browser)).isEqualTo(name);
    assertThat(told(browser)).doesNotContainKey("just_left");
  }

  /// What the provider is asked with by who goes there.
  private static Map<String, String> told(Browser browser) {
    var people = UpstreamHouse.people();
    browser.get(Trip.leave(browser, people, "?kind=manage_account"));
    return people.lastAsked(Endpoint.AUTHORIZE);
  }

  @Test
  void a_provider_that_is_none_is_not_found() {
    assertThat(browser.get("/upstream/authorize/01KB0000000000000000000009").status())
        .isEqualTo(404);
    assertThat(browser.get("/upstream/authorize/people").status()).isEqualTo(404);
  }
}
