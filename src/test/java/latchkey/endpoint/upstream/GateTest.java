package latchkey.endpoint.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import latchkey.base.system.Ids;
import latchkey.world.Browser;
import latchkey.world.LeavingHouse;
import latchkey.world.Trip;
import latchkey.world.Way;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who comes in through a provider, what they may be, and what of their account follows it.
@QuarkusTest
@WithTestResource(LeavingHouse.class)
class GateTest {
  private static final String REPORTS = "urn:example:reports";

  @Inject World world;

  @BeforeEach
  void all_is_well() {
    world.awaitReady();
    LeavingHouse.reset(world.clock());
    world.homeserver().comeBack();
  }

  @Test
  void who_is_in_no_group_reads_why_and_whom_to_ask_and_has_no_account() {
    var office = LeavingHouse.office();
    office.person("stranger", person("stranger", "others"));
    var before = refusals();

    var page = Way.in(new Browser(), office);

    assertThat(page.status()).isEqualTo(403);
    assertThat(page.body())
        .contains("Office", "you are in none of the groups", "href=\"mailto:help@example.com\"");
    assertThat(users("stranger")).isZero();
    assertThat(refusals()).isEqualTo(before + 1);
    assertThat(
            World.text(
                "select details from latchkey.audit_events where kind = 'upstream_refused' order by id desc limit 1"))
        .contains(office.id(), "none of the groups", "ip_address");
  }

  @Test
  void the_gate_stands_at_every_sign_in() {
    var office = LeavingHouse.office();
    office.person("leaver", person("leaver", "matrix"));
    assertThat(Way.in(new Browser(), office).status()).isEqualTo(200);
    office.person("leaver", person("leaver", "others"));

    var browser = new Browser();
    var page = Way.in(browser, office);

    assertThat(page.status()).isEqualTo(403);
    assertThat(Way.to(browser, "/account/").body()).doesNotContain("@leaver:example.com");
  }

  @Test
  void the_gate_stands_where_an_account_is_linked_by_hand() {
    var office = LeavingHouse.office();
    var alice = world.alice();
    var browser = new Browser();
    world.signIn(browser, alice, "/login");
    office.person("linker", person("linker", "others"));
    var before = refusals();
    var path = Trip.arrive(browser, office, "");

    var refused = browser.submit(path, browser.get(path), Map.of());

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("you are in none of the groups");
    assertThat(links(alice.username())).isZero();
    assertThat(browser.get(path).status()).as("the trip is over").isEqualTo(400);
    assertThat(refusals()).isEqualTo(before + 1);
    // Whom it lets in gets what their groups give them.
    office.person("linker", person("linker", "admins"));
    var again = Trip.arrive(browser, office, "");
    assertThat(browser.submit(again, browser.get(again), Map.of()).status()).isEqualTo(303);
    assertThat(links(alice.username())).isEqualTo(1);
    assertThat(isAdmin(alice.username())).isTrue();
  }

  @Test
  void groups_make_an_admin_and_unmake_one_at_the_next_sign_in() {
    var office = LeavingHouse.office();
    office.person("boss", person("boss", "admins"));
    Way.in(new Browser(), office);
    assertThat(isAdmin("boss")).isTrue();

    office.person("boss", person("boss", "matrix"));
    Way.in(new Browser(), office);

    assertThat(isAdmin("boss")).isFalse();
  }

  @Test
  void the_name_of_an_admin_is_for_whom_a_group_makes_one() {
    var office = LeavingHouse.office();
    office.person("anybody", person("keeper", "matrix"));

    var refused = Way.in(new Browser(), office);

    assertThat(refused.body()).contains("data-error-code=\"Policy error\"");
    assertThat(users("keeper")).isZero();
    assertThat(UpstreamScene.refusals("Policy error: a name of policy.data.admin_users"))
        .isEqualTo(1);
    office.person("boss-2", person("keeper", "admins"));
    Way.in(new Browser(), office);
    assertThat(isAdmin("keeper")).isTrue();
  }

  @Test
  void the_groups_of_another_provider_make_nobody_an_admin() {
    var branch = LeavingHouse.branch();
    branch.person("clerk", person("clerk", "admins"));

    Way.in(new Browser(), branch);

    assertThat(users("clerk")).isEqualTo(1);
    assertThat(isAdmin("clerk")).isFalse();
  }

  @Test
  void name_and_address_follow_the_provider_at_every_sign_in() {
    var office = LeavingHouse.office();
    office.person("mover", person("mover", "matrix"));
    Way.in(new Browser(), office);
    world.runJobs();
    assertThat(world.homeserver().displayName("mover")).contains("Mover");

    var claims = new java.util.HashMap<>(person("mover", "matrix"));
    claims.put("name", "Mover Married");
    claims.put("email", "married@example.com");
    office.person("mover", claims);
    Way.in(new Browser(), office);
    world.runJobs();

    assertThat(world.homeserver().displayName("mover")).contains("Mover Married");
    assertThat(emails("mover")).isEqualTo("married@example.com");
    assertThat(world.homeserver().account("mover").orElseThrow().emails())
        .containsExactly("married@example.com");
  }

  @Test
  void an_address_that_is_somebody_elses_stays_theirs() {
    var office = LeavingHouse.office();
    office.person("owner", person("owner", "matrix"));
    Way.in(new Browser(), office);
    office.person("taker", person("taker", "matrix"));
    Way.in(new Browser(), office);

    var claims = new java.util.HashMap<>(person("taker", "matrix"));
    claims.put("email", "Owner@example.com");
    office.person("taker", claims);
    Way.in(new Browser(), office);

    assertThat(emails("owner")).isEqualTo("owner@example.com");
    assertThat(emails("taker")).isEqualTo("taker@example.com");
    assertThat(events("taker")).contains("upstream_email_taken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no address", "a@b@c", "somebody@banned.example"})
  void an_address_that_nobody_could_register_with_changes_nothing(String address) {
    var office = LeavingHouse.office();
    var name = "unfit" + address.length();
    office.person(name, person(name, "matrix"));
    Way.in(new Browser(), office);

    var claims = new java.util.HashMap<>(person(name, "matrix"));
    claims.put("email", address);
    claims.put("name", "ä".repeat(200));
    office.person(name, claims);
    Way.in(new Browser(), office);
    world.runJobs();

    assertThat(emails(name)).isEqualTo(name + "@example.com");
    assertThat(events(name)).contains("upstream_email_unfit");
    assertThat(world.homeserver().displayName(name)).contains("ä".repeat(127));
  }

  @Test
  void a_group_lets_somebody_ask_for_a_scope_and_only_as_long_as_they_are_in_it() {
    var office = LeavingHouse.office();
    office.person("auditor", person("auditor", "matrix", "auditors"));
    var client = world.aPublicClient();
    var scope = World.scope(World.device()) + " " + REPORTS;
    var browser = new Browser();
    Way.in(browser, office);
    var tokens = consent(browser, client, scope);
    assertThat(tokens.scope()).contains(REPORTS);
    var refreshed = World.tokens(world.refresh(client, tokens.refresh()));

    office.person("auditor", person("auditor", "matrix"));
    Way.in(new Browser(), office);
    world.refresh(client, refreshed.refresh()).then().statusCode(400);

    var page = browser.get(browser.get(authorize(client, scope)).location());
    assertThat(page.body()).contains("is not allowed");
  }

  @Test
  void a_provider_that_is_gone_from_the_configuration_gives_nobody_a_scope() {
    var office = LeavingHouse.office();
    office.person("auditor-2", person("auditor-2", "matrix", "auditors"));
    var client = world.aPublicClient();
    var scope = World.scope(World.device()) + " " + REPORTS;
    var browser = new Browser();
    Way.in(browser, office);
    var tokens = consent(browser, client, scope);
    var id = Ids.parse(office.id()).orElseThrow();

    World.sql(
        "update latchkey.upstream_providers set disabled_at = now() where id = '%s'".formatted(id));
    try {
      world.refresh(client, tokens.refresh()).then().statusCode(400);
    } finally {
      World.sql(
          "update latchkey.upstream_providers set disabled_at = null where id = '%s'"
              .formatted(id));
    }
  }

  private World.Tokens consent(Browser browser, String client, String scope) {
    var at = browser.get(authorize(client, scope)).location();
    var code = browser.submit(at, browser.get(at), Map.of()).answer().get("code");
    return World.tokens(world.exchange(client, code));
  }

  private static String authorize(String client, String scope) {
    return World.authorize(client, Map.of("scope", scope));
  }

  private static Map<String, Object> person(String name, String... groups) {
    return Map.of(
        "preferred_username",
        name,
        "name",
        Character.toUpperCase(name.charAt(0)) + name.substring(1),
        "email",
        name + "@example.com",
        "groups",
        List.of(groups));
  }

  private static long links(String name) {
    return UpstreamScene.links(name);
  }

  private static long users(String name) {
    return World.count("select count(*) from latchkey.users where username = '%s'".formatted(name));
  }

  private static boolean isAdmin(String name) {
    return World.count(
            "select count(*) from latchkey.users where username = '%s' and can_request_admin"
                .formatted(name))
        == 1;
  }

  private static String emails(String name) {
    return String.valueOf(
        World.text(
            """
            select string_agg(email, ',') from latchkey.user_emails e join latchkey.users u on u.id = e.user_id
             where u.username = '%s'
            """
                .formatted(name)));
  }

  private static String events(String name) {
    return String.valueOf(
        World.text(
            """
            select string_agg(kind, ',') from latchkey.audit_events e join latchkey.users u on u.id = e.user_id
             where u.username = '%s'
            """
                .formatted(name)));
  }

  private static long refusals() {
    return World.count(
        "select count(*) from latchkey.audit_events where kind = 'upstream_refused'");
  }
}
