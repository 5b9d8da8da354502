package latchkey.endpoint.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import latchkey.base.crypto.Encryption;
import latchkey.world.FakeUpstream;
import latchkey.world.LeavingHouse;
import latchkey.world.LegacyNewcomer;
import latchkey.world.Newcomer;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A provider says that somebody signed out there (`pages.md` 5.7).
@QuarkusTest
@WithTestResource(LeavingHouse.class)
@Tag("OIDC-BCL")
class BackchannelLogoutTest {
  @Inject World world;
  @Inject Encryption encryption;

  @BeforeEach
  void all_is_well() {
    world.awaitReady();
    LeavingHouse.reset(world.clock());
    world.homeserver().comeBack();
  }

  @Test
  void who_signs_out_there_is_out_here_with_their_devices() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "s-1", Map.of());
    world.runJobs();
    assertThat(world.homeserver().devices(alice.person().username())).contains(alice.device());

    var answer = logOut(office, office.logoutToken("s-1", null, _ -> {}));

    answer.then().statusCode(200).body(emptyString()).header("Cache-Control", "no-store");
    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(alice.isBrowserSignedIn()).isFalse();
    assertThat(alice.reason()).isEqualTo("upstream_logout");
    assertThat(alice.events()).contains("upstream_logout");
    world.runJobs();
    assertThat(world.homeserver().devices(alice.person().username())).isEmpty();
  }

  @Test
  void who_signs_out_there_is_out_of_a_legacy_client_too() {
    var office = LeavingHouse.office();
    office.person("s-old", LeavingHouse.member("old.client"));
    var alice = LegacyNewcomer.of(office, "old.client");
    world.runJobs();
    assertThat(world.isActive(alice.access())).isTrue();
    assertThat(world.homeserver().devices(alice.username())).contains(alice.device());

    logOut(office, office.logoutToken("s-old", office.sid("s-old"), _ -> {}))
        .then()
        .statusCode(200);

    assertThat(world.isActive(alice.access())).isFalse();
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).isEmpty();
  }

  @Test
  void where_only_the_browser_is_meant_a_legacy_client_goes_on() {
    var branch = LeavingHouse.branch();
    branch.person("s-old", LeavingHouse.member("old.client.there"));
    var alice = LegacyNewcomer.of(branch, "old.client.there");

    logOut(branch, branch.logoutToken("s-old", null, _ -> {})).then().statusCode(200);

    assertThat(world.isActive(alice.access())).isTrue();
  }

  @Test
  void a_session_that_is_named_ends_and_the_others_go_on() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "s-2", Map.of());
    var sid = office.sid("s-2");
    office.beginNewSession("s-2");
    var other = alice.elsewhere(world, office, encryption);

    logOut(office, office.logoutToken("s-2", sid, _ -> {})).then().statusCode(200);

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(other.isSignedIn(world)).isTrue();
    assertThat(other.isBrowserSignedIn()).isTrue();
  }

  @Test
  void a_session_whose_place_a_later_sign_in_has_taken_ends_nothing() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "s-3", Map.of());
    var sid = office.sid("s-3");
    office.beginNewSession("s-3");
    world.clock().advance(java.time.Duration.ofSeconds(2));
    var again = alice.again(world, office, encryption);
    assertThat(again.browserSession()).isEqualTo(alice.browserSession());

    logOut(office, office.logoutToken(null, sid, _ -> {})).then().statusCode(200);

    assertThat(alice.isSignedIn(world)).isTrue();
    assertThat(again.isSignedIn(world)).isTrue();
  }

  @Test
  void all_sessions_of_a_person_end_where_none_is_named() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "s-4", Map.of());
    var other = alice.elsewhere(world, office, encryption);
    var stranger = Newcomer.of(world, office, encryption, "s-5", Map.of());

    logOut(office, office.logoutToken("s-4", null, _ -> {})).then().statusCode(200);

    assertThat(alice.isSignedIn(world)).isFalse();
    assertThat(other.isSignedIn(world)).isFalse();
    assertThat(stranger.isSignedIn(world)).isTrue();
  }

  @Test
  void what_was_begun_by_password_elsewhere_goes_on() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "s-6", Map.of());
    var byPassword = world.logIn(alice.person());

    logOut(office, office.logoutToken("s-6", null, _ -> {})).then().statusCode(200);

    assertThat(world.isActive(byPassword.access())).isTrue();
  }

  @Test
  void where_only_the_browser_is_meant_what_clients_hold_goes_on() {
    var branch = LeavingHouse.branch();
    var alice = Newcomer.of(world, branch, encryption, "s-1", Map.of());

    logOut(branch, branch.logoutToken("s-1", null, _ -> {})).then().statusCode(200);

    assertThat(alice.isBrowserSignedIn()).isFalse();
    assertThat(alice.isSignedIn(world)).isTrue();
  }

  @Test
  void where_nothing_is_meant_nothing_ends() {
    var friends = LeavingHouse.friends();
    var alice = Newcomer.of(world, friends, encryption, "s-1", Map.of());

    logOut(friends, friends.logoutToken("s-1", null, _ -> {})).then().statusCode(200);

    assertThat(alice.isBrowserSignedIn()).isTrue();
    assertThat(alice.isSignedIn(world)).isTrue();
  }

  @Test
  void of_somebody_unknown_nothing_ends_and_all_is_well() {
    var office = LeavingHouse.office();

    logOut(office, office.logoutToken("nobody", null, _ -> {})).then().statusCode(200);
  }

  static Stream<Arguments> what_a_logout_token_must_not_be() {
    return Stream.of(
        wrong("of another audience", claims -> claims.put("aud", "somebody else")),
        wrong("of another issuer", claims -> claims.put("iss", LeavingHouse.branch().issuer())),
        wrong("with a nonce", claims -> claims.put("nonce", "n")),
        wrong("without events", claims -> claims.remove("events")),
        wrong("about another event", claims -> claims.put("events", Map.of("urn:other", Map.of()))),
        wrong("without a time", claims -> claims.remove("iat")),
        wrong("without a jti", claims -> claims.remove("jti")),
        wrong("without an end", claims -> claims.remove("exp")),
        wrong(
            "from long ago",
            claims -> {
              claims.put("iat", 1_700_000_000);
              claims.put("exp", 1_700_000_120);
            }),
        wrong(
            "about nobody",
            claims -> {
              claims.remove("sub");
              claims.remove("sid");
            }));
  }

  private static Arguments wrong(String name, Consumer<Map<String, Object>> change) {
    return Arguments.of(name, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void what_a_logout_token_must_not_be(String name, Consumer<Map<String, Object>> change) {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "w-" + name.replace(' ', '-'), Map.of());

    var answer = logOut(office, office.logoutToken(alice.subject(), null, change));

    answer.then().statusCode(400).body("error", equalTo("invalid_request"));
    assertThat(alice.isSignedIn(world)).isTrue();
    assertThat(alice.isBrowserSignedIn()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "FORGED", "EMBEDDED", "PUBLIC_KEY_AS_SECRET"})
  void a_signature_that_is_none_ends_nothing(FakeUpstream.Signature signature) {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "f-" + signature, Map.of());
    office.signature(signature);

    var answer = logOut(office, office.logoutToken(alice.subject(), null, _ -> {}));

    answer.then().statusCode(400).body("error", equalTo("invalid_request"));
    assertThat(alice.isSignedIn(world)).isTrue();
  }

  @Test
  void another_algorithm_than_the_configured_one_ends_nothing() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "alg", Map.of());
    office.signWith("ES256");

    var answer = logOut(office, office.logoutToken("alg", null, _ -> {}));

    answer.then().statusCode(400);
    assertThat(alice.isSignedIn(world)).isTrue();
  }

  @Test
  void the_token_of_one_provider_is_nothing_to_another() {
    var office = LeavingHouse.office();
    var branch = LeavingHouse.branch();
    var alice = Newcomer.of(world, office, encryption, "mixed", Map.of());
    branch.person("mixed", Map.of());

    var answer = logOut(office, branch.logoutToken("mixed", null, _ -> {}));

    answer.then().statusCode(400);
    assertThat(alice.isSignedIn(world)).isTrue();
  }

  @Test
  void an_id_token_is_no_logout_token() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "id", Map.of());

    logOut(office, office.idToken("")).then().statusCode(400);

    assertThat(alice.isSignedIn(world)).isTrue();
  }

  @Test
  void a_token_that_was_used_is_refused_and_who_came_back_stays() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "replayed", Map.of());
    var token = office.logoutToken("replayed", null, _ -> {});
    logOut(office, token).then().statusCode(200);
    var back = alice.elsewhere(world, office, encryption);

    logOut(office, token).then().statusCode(400).body("error", equalTo("invalid_request"));

    assertThat(back.isSignedIn(world)).isTrue();
  }

  @Test
  void a_token_that_came_to_nothing_can_be_sent_again() {
    var office = LeavingHouse.office();
    var alice = Newcomer.of(world, office, encryption, "unlucky", Map.of());
    var token = office.logoutToken("unlucky", null, _ -> {});
    World.sql(
        "create function latchkey.out_of_order() returns trigger language plpgsql as $$ begin raise exception 'out of order'; end $$");
    World.sql(
        "create trigger out_of_order before update on latchkey.browser_sessions execute function latchkey.out_of_order()");
    try {
      assertThat(logOut(office, token).statusCode()).isGreaterThanOrEqualTo(500);
    } finally {
      World.sql("drop function latchkey.out_of_order() cascade");
    }
    assertThat(alice.isSignedIn(world)).isTrue();

    logOut(office, token).then().statusCode(200);

    assertThat(alice.isSignedIn(world)).isFalse();
    logOut(office, token).then().statusCode(400);
  }

  @Test
  void who_asks_wrongly_is_told_in_json() {
    var office = LeavingHouse.office();
    var path = "/upstream/backchannel-logout/" + office.id();

    World.http()
        .contentType("application/json")
        .body("{}")
        .post(path)
        .then()
        .statusCode(415)
        .body("error", equalTo("invalid_request"));
    World.http()
        .formParam("logout_token", "")
        .post(path)
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_request"));
    logOut(office, "rubbish").then().statusCode(400).body("error", equalTo("invalid_request"));
    World.http().get(path).then().statusCode(405);
    World.http()
        .formParam("logout_token", "x")
        .post("/upstream/backchannel-logout/01KB00000000000000000PR0VZ")
        .then()
        .statusCode(404)
        .body("error", equalTo("invalid_request"));
    World.http()
        .formParam("logout_token", "x")
        .post("/upstream/backchannel-logout/nonsense")
        .then()
        .statusCode(404);
  }

  private static Response logOut(FakeUpstream provider, String token) {
    var form = new LinkedHashMap<String, String>();
    form.put("logout_token", token);
    return World.http().formParams(form).post("/upstream/backchannel-logout/" + provider.id());
  }
}
