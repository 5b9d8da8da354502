package latchkey.endpoint.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import latchkey.base.system.Ids;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.upstream.ClaimsImports.OnConflict;
import latchkey.world.Browser;
import latchkey.world.OrganisationHouse;
import latchkey.world.Trip;
import latchkey.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Names that are somebody's, cannot be had, or are wanted by two at once (`pages.md` 5.5).
@QuarkusTest
@WithTestResource(OrganisationHouse.class)
class WantedNameTest extends NewAccountScene {
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
  void scopes_of_the_link_that_is_replaced_go_with_it() {
    var alice = world.alice();
    link(alice, OrganisationHouse.provider().id(), "{urn:example:reports}");
    Imports.FORCE.onConflict(OnConflict.REPLACE).apply(providers);
    comes(Map.of("preferred_username", alice.username()));

    var page = page();

    assertThat(page.location()).as(page.body()).isEqualTo("/account/");
    assertThat(UpstreamScene.links(alice.username())).isEqualTo(1);
    assertThat(
            World.text(
                "select granted_scopes from latchkey.upstream_links where subject = 'old-%s'"
                    .formatted(name)))
        .isEqualTo("{}");
  }

  @Test
  void scopes_of_a_provider_that_is_off_keep_nobody_out() {
    var alice = world.alice();
    var other = "01JFVB0000000000000000000F";
    World.sql(
        "insert into latchkey.upstream_providers (id, client_id, created_at, disabled_at) values ('%s', 'x', now(), now())"
            .formatted(Ids.parse(other).orElseThrow()));
    link(alice, other, "{urn:example:reports}");
    Imports.FORCE.onConflict(OnConflict.ADD).apply(providers);
    comes(Map.of("preferred_username", alice.username()));

    assertThat(page().location()).isEqualTo("/account/");
  }

  @Test
  void an_admin_by_rule_is_nobody_by_name() {
    var alice = world.alice();
    var ops = OrganisationHouse.ADMINS.getFirst();
    World.sql(
        "update latchkey.users set username = '%s' where id = '%s'".formatted(ops, alice.id()));
    Imports.FORCE.onConflict(OnConflict.ADD).apply(providers);
    comes(Map.of("preferred_username", ops));

    assertThat(page().body()).contains("data-error-code=\"User exists\"");

    assertThat(UpstreamScene.links(ops)).isZero();
    assertThat(UpstreamScene.refusals("User exists, and may ask for admin rights")).isEqualTo(1);
  }

  private void link(World.Person person, String provider, String scopes) {
    World.sql(
        """
        insert into latchkey.upstream_links (id, provider_id, user_id, subject, granted_scopes, created_at)
        values (gen_random_uuid(), '%s', '%s', 'old-%s', '%s', now())
        """
            .formatted(Ids.parse(provider).orElseThrow(), person.id(), name, scopes));
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

    var chief = OrganisationHouse.ADMINS.getLast();
    for (var taken :
        List.of(alice.username(), OrganisationHouse.BANNED_NAME, "UPPER", name, chief)) {
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
        Arguments.of(OrganisationHouse.ADMINS.getLast(), "Policy error"),
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
        Arguments.of("chief", "policy", " data-error-code=\"username-banned\""),
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
}
