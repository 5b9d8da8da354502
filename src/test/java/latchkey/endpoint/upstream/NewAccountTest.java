package latchkey.endpoint.upstream;

import static latchkey.world.World.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.upstream.ClaimsImports.Action;
import latchkey.domain.upstream.ClaimsImports.OnConflict;
import latchkey.domain.upstream.Providers;
import latchkey.world.Browser;
import latchkey.world.FakeUpstream;
import latchkey.world.OrganisationHouse;
import latchkey.world.Trip;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes part of a new account, and what when its name is somebody's (`pages.md` 5.4–5.6).
@QuarkusTest
@WithTestResource(OrganisationHouse.class)
class NewAccountTest {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String HOME = "?kind=manage_account";

  @Inject World world;
  @Inject Providers providers;

  private final Browser browser = new Browser();
  private FakeUpstream provider;
  private String name;

  @BeforeEach
  void everything_is_well() {
    world.awaitReady();
    provider = OrganisationHouse.provider();
    provider.reset();
    provider.liveBy(world.clock());
    name = "otto" + COUNT.incrementAndGet();
    comes(Map.of());
  }

  @AfterEach
  void the_homeserver_is_back() {
    world.homeserver().comeBack();
  }

  /// @param changes of the claims; one that is empty is left out
  private void comes(Map<String, String> changes) {
    var claims = new HashMap<String, Object>();
    claims.put("preferred_username", name);
    claims.put("name", "Otto " + name);
    claims.put("email", name + "@org.example");
    claims.putAll(changes);
    claims.values().removeIf(""::equals);
    provider.person("sub-" + name, claims);
  }

  private Browser.Page page() {
    return Trip.through(browser, provider, HOME);
  }

  private Browser.Page send(Map<String, String> form) {
    var path = Trip.arrive(browser, provider, HOME);
    var agreed = new HashMap<>(form);
    agreed.putIfAbsent("accept_terms", "on");
    agreed.values().removeIf(String::isEmpty);
    return browser.submit(path, browser.get(path), agreed);
  }

  private boolean exists(String username) {
    return World.count(
            "select count(*) from latchkey.users where username = '%s'".formatted(username))
        == 1;
  }

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

  /// 5.5, a row each: the rule, whether the account has one at the provider already, who comes in.
  static Stream<Arguments> conflicts() {
    return Stream.of(
        Arguments.of(OnConflict.FAIL, false, false),
        Arguments.of(OnConflict.FAIL, true, false),
        Arguments.of(OnConflict.ADD, false, true),
        Arguments.of(OnConflict.ADD, true, true),
        Arguments.of(OnConflict.REPLACE, false, true),
        Arguments.of(OnConflict.REPLACE, true, true),
        Arguments.of(OnConflict.SET, false, true),
        Arguments.of(OnConflict.SET, true, false));
  }

  @ParameterizedTest(name = "{0}, linked before: {1}")
  @MethodSource("conflicts")
  void a_name_that_is_somebodys(OnConflict rule, boolean linked, boolean comesIn) {
    var alice = world.alice();
    if (linked) {
      World.sql(
          """
          insert into latchkey.upstream_links (id, provider_id, user_id, subject, created_at)
          select gen_random_uuid(), id, '%s', 'old-%s', now() from latchkey.upstream_providers limit 1
          """
              .formatted(alice.id(), name));
    }
    Imports.FORCE.onConflict(rule).apply(providers);
    comes(Map.of("preferred_username", alice.username()));

    var page = page();

    long links = UpstreamScene.links(alice.username());
    if (comesIn) {
      assertThat(page.location()).as(page.body()).isEqualTo("/account/");
      assertThat(links).isEqualTo(linked && rule == OnConflict.ADD ? 2 : 1);
      assertThat(UpstreamScene.events("upstream_linked", alice.username())).isEqualTo(1);
      assertThat(UpstreamScene.events("upstream_unlinked", alice.username()))
          .isEqualTo(linked && rule == OnConflict.REPLACE ? 1 : 0);
    } else {
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body())
          .contains(
              "data-error-code=\"User exists\"", "The name " + alice.username() + " is taken");
      assertThat(links).isEqualTo(linked ? 1 : 0);
      assertThat(browser.get("/account/").status()).isEqualTo(303);
    }
  }

  @Test
  void a_name_of_somebody_who_is_locked_opens_nothing() {
    var alice = world.alice();
    World.sql("update latchkey.users set locked_at = now() where id = '%s'".formatted(alice.id()));
    Imports.FORCE.onConflict(OnConflict.ADD).apply(providers);
    comes(Map.of("preferred_username", alice.username()));

    assertThat(page().body()).contains("This account is locked");
    assertThat(UpstreamScene.links(alice.username())).isZero();
  }

  @Test
  void a_suggested_name_that_cannot_be_had_is_dropped() {
    var alice = world.alice();
    world.homeserver().provisionUser(new Homeserver.Account("x", name, List.of(), false, null));
    Imports.SUGGEST.apply(providers);

    for (var taken : List.of(alice.username(), OrganisationHouse.BANNED_NAME, "UPPER", name)) {
      comes(Map.of("preferred_username", taken));
      assertThat(page().body()).as(taken).contains("name=\"username\" type=\"text\" value=\"\"");
    }
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void a_forced_name_that_cannot_be_had_lets_nobody_in(String wanted, String code) {
    world
        .homeserver()
        .provisionUser(new Homeserver.Account("x", "reserved", List.of(), false, null));
    for (var imports : List.of(Imports.FORCE, Imports.REQUIRE.withoutQuestion())) {
      imports.apply(providers);
      comes(Map.of("preferred_username", wanted));

      var page = page();

      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).contains("data-error-code=\"" + code + "\"", "ask whoever runs");
      assertThat(exists(wanted)).isFalse();
    }
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        Arguments.of(OrganisationHouse.BANNED_NAME, "Policy error"),
        Arguments.of("with blank", "Policy error"),
        Arguments.of("4711", "Policy error"),
        Arguments.of("reserved", "Localpart not available"));
  }

  @ParameterizedTest
  @MethodSource("typed")
  void a_name_that_is_typed(String typed, String kind, String code) {
    Imports.IGNORE.apply(providers);
    world
        .homeserver()
        .provisionUser(new Homeserver.Account("x", "reserved", List.of(), false, null));

    var page = send(Map.of("username", typed));

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("id=\"username-error\" data-error-kind=\"" + kind + "\"" + code)
        .contains("value=\"" + typed.replace("<", "&lt;") + "\"");
    assertThat(exists(typed)).isFalse();
  }

  static Stream<Arguments> typed() {
    return Stream.of(
        Arguments.of("", "required", ""),
        Arguments.of("reserved", "exists", ""),
        Arguments.of("root", "policy", " data-error-code=\"username-banned\""),
        Arguments.of("x<y", "policy", " data-error-code=\"username-invalid-chars\""),
        Arguments.of("123", "policy", " data-error-code=\"username-all-numeric\""),
        Arguments.of("a".repeat(250), "policy", " data-error-code=\"username-too-long\""));
  }

  @Test
  void a_name_that_is_taken_in_another_case() {
    var alice = world.alice();
    World.sql(
        "update latchkey.users set username = upper(username) where id = '%s'"
            .formatted(alice.id()));
    Imports.IGNORE.apply(providers);

    assertThat(send(Map.of("username", alice.username())).body())
        .contains("id=\"username-error\" data-error-kind=\"exists\"");
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

  @Test
  void two_at_once_who_want_one_name_get_one() throws Exception {
    Imports.IGNORE.apply(providers);
    var others = List.of(new Browser(), new Browser(), new Browser(), new Browser());
    var calls = new ArrayList<Callable<Browser.Page>>();
    for (int i = 0; i < others.size(); i++) {
      provider.person("sub-" + name + "-" + i, Map.of());
      var who = others.get(i);
      var path = Trip.arrive(who, provider, HOME);
      var page = who.get(path);
      calls.add(() -> who.submit(path, page, Map.of("username", name, "accept_terms", "on")));
    }

    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(calls)) {
        statuses.add(done.get().status());
      }
    }

    assertThat(statuses).containsExactlyInAnyOrder(303, 200, 200, 200);
    assertThat(exists(name)).isTrue();
  }

  @Test
  void with_one_provider_and_no_password_the_way_is_straight() {
    Imports.SUGGEST.apply(providers);
    var client = world.aPublicClient();
    var login = browser.get(World.authorize(client, Map.of())).location();

    var there = browser.get(login).location();

    assertThat(there)
        .startsWith("/upstream/authorize/" + provider.id() + "?kind=continue_authorization_grant");
    assertThat(browser.get("/register" + login.substring("/login".length())).location())
        .isEqualTo(there);
    assertThat(browser.post("/login", Map.of()).status()).isIn(400, 403);
  }

  @Test
  void who_signed_out_a_moment_ago_is_not_signed_in_again_at_once() {
    Imports.SUGGEST.apply(providers);
    send(Map.of("username", name));
    browser.submit("/logout", browser.get("/account/"), Map.of());

    var page = browser.get("/login?kind=manage_account");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("Continue with <bdi>Organisation</bdi>")
        .doesNotContain("name=\"password\"");
    world.clock().advance(Duration.ofMinutes(6));
    assertThat(browser.get("/login?kind=manage_account").status()).isEqualTo(303);
  }
}
