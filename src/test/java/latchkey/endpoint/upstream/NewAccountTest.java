package latchkey.endpoint.upstream;

import static latchkey.world.World.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import latchkey.domain.upstream.ClaimsImports.Action;
import latchkey.domain.upstream.ClaimsImports.OnConflict;
import latchkey.world.Browser;
import latchkey.world.OrganisationHouse;
import latchkey.world.Trip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What of a person's claims becomes part of a new account (`pages.md` 5.4, 5.6).
@QuarkusTest
@WithTestResource(OrganisationHouse.class)
class NewAccountTest extends NewAccountScene {
  private Optional<String> told(String username) {
    world.runJobs();
    return world.homeserver().displayName(username);
  }

  private String address(String username) {
    return UpstreamScene.address(username);
  }

  @Test
  void ignored_claims_are_typed() {
    Imports.IGNORE.apply(providers);

    var page = page();
    var made = send(Map.of("username", name, "display_name", " The one ", "import_email", "on"));

    assertThat(page.body())
        .contains("name=\"username\" type=\"text\" value=\"\"", "name=\"display_name\"")
        .doesNotContain("@org.example", "Otto ");
    assertThat(made.location()).as(made.body()).isEqualTo("/account/");
    assertThat(told(name)).contains("The one");
    assertThat(address(name)).isEqualTo("null");
  }

  @Test
  void suggested_ones_are_offered_and_may_be_changed_or_left() {
    Imports.SUGGEST.apply(providers);

    var page = page();
    var made = send(Map.of("username", name + "x"));

    assertThat(page.body())
        .contains(
            "value=\"" + name + "\"", "name=\"import_email\"", "name=\"import_display_name\"");
    assertThat(made.location()).isEqualTo("/account/");
    assertThat(exists(name)).isFalse();
    assertThat(told(name + "x")).isEmpty();
    assertThat(address(name + "x")).isEqualTo("null");
  }

  @Test
  void suggested_ones_are_taken_where_they_are_ticked() {
    Imports.SUGGEST.apply(providers);

    send(Map.of("username", name, "import_email", "on", "import_display_name", "on"));

    assertThat(told(name)).contains("Otto " + name);
    assertThat(address(name)).isEqualTo(name + "@org.example");
  }

  @ParameterizedTest
  @EnumSource(
      value = Action.class,
      names = {"FORCE", "REQUIRE"})
  void forced_and_required_ones_are_taken_whatever_is_sent(Action action) {
    new Imports(action, OnConflict.FAIL, action, action, false).apply(providers);

    var page = page();
    var made = send(Map.of("username", "somebodyelse", "display_name", "Somebody else"));

    assertThat(page.body())
        .contains("Your account from Organisation", "@" + name + ":example.com")
        .doesNotContain("name=\"username\"", "name=\"import_email\"");
    assertThat(made.location()).isEqualTo("/account/");
    assertThat(exists(name)).isTrue();
    assertThat(exists("somebodyelse")).isFalse();
    assertThat(told(name)).contains("Otto " + name);
    assertThat(address(name)).isEqualTo(name + "@org.example");
  }

  @Test
  void forced_ones_that_are_not_there_are_typed_or_done_without() {
    Imports.FORCE.apply(providers);
    comes(Map.of("preferred_username", "", "email", "", "name", ""));

    var made = send(Map.of("username", name));

    assertThat(made.location()).as(made.body()).isEqualTo("/account/");
    assertThat(exists(name)).isTrue();
    assertThat(address(name)).isEqualTo("null");
  }

  @ParameterizedTest
  @MethodSource("required")
  void nobody_comes_in_without_what_is_required(String claim, String value) {
    Imports.REQUIRE.apply(providers);
    comes(Map.of(claim, value));

    var page = page();

    assertThat(page.status()).isIn(200, 500);
    assertThat(page.body())
        .contains("Organisation does not say enough about you", "ask whoever runs");
    assertThat(exists(name)).isFalse();
    assertThat(
            text(
                """
                select string_agg(details ->> 'reason', ' ') from latchkey.audit_events
                 where kind = 'upstream_refused' and at > now() - interval '1 minute'
                """))
        .contains(claim.equals("preferred_username") ? "localpart" : "");
  }

  static Stream<Arguments> required() {
    return Stream.of(
        Arguments.of("preferred_username", ""),
        Arguments.of("name", ""),
        Arguments.of("email", ""),
        Arguments.of("email", "no address at all"));
  }

  @Test
  void but_whoever_is_in_already_is_not_asked_for_it_again() {
    Imports.REQUIRE.apply(providers);
    send(Map.of());
    comes(Map.of("email", ""));

    assertThat(Trip.through(new Browser(), provider, HOME).location()).isEqualTo("/account/");
  }

  @Test
  void terms_are_agreed_to_and_that_is_written_down() {
    Imports.SUGGEST.apply(providers);

    var refused = send(Map.of("username", name, "accept_terms", ""));

    assertThat(refused.body()).contains("id=\"terms-error\" data-error-kind=\"required\"");
    assertThat(exists(name)).isFalse();
    assertThat(send(Map.of("username", name)).location()).isEqualTo("/account/");
    assertThat(
            text(
                "select details ->> 'terms' from latchkey.audit_events where kind = 'user_registered' and details ->> 'username' = '%s'"
                    .formatted(name)))
        .isEqualTo("https://example.com/terms");
  }

  @Test
  void rules_about_addresses_are_about_the_form_and_hold_without_a_page_too() {
    Imports.SUGGEST.apply(providers);
    comes(Map.of("email", name + "@Spam.example"));

    var refused = send(Map.of("username", name, "import_email", "on"));

    assertThat(refused.body())
        .contains("data-error-kind=\"policy\" data-error-code=\"email-domain-banned\"");
    assertThat(exists(name)).isFalse();
    Imports.REQUIRE.withoutQuestion().apply(providers);
    assertThat(page().body()).contains("data-error-code=\"Policy error\"");
    assertThat(exists(name)).isFalse();
    Imports.SUGGEST.apply(providers);
    assertThat(send(Map.of("username", name)).location()).isEqualTo("/account/");
  }

  @Test
  void everything_that_is_wrong_is_told_at_once() {
    Imports.IGNORE.apply(providers);

    var page = send(Map.of("username", "", "display_name", "ä".repeat(200), "accept_terms", ""));

    assertThat(page.body())
        .contains(
            "3 fields need your attention", "username-error", "display-name-error", "terms-error");
  }

  @Test
  void a_homeserver_that_is_away_leaves_nothing_half_made() {
    Imports.FORCE.apply(providers);
    var path = Trip.arrive(browser, provider, HOME);
    var page = browser.get(path);
    world.homeserver().goAway();

    var away = browser.submit(path, page, Map.of("accept_terms", "on"));

    assertThat(away.status()).isEqualTo(503);
    assertThat(exists(name)).isFalse();
    world.homeserver().comeBack();
    assertThat(browser.submit(path, page, Map.of("accept_terms", "on")).location())
        .isEqualTo("/account/");
  }
}
