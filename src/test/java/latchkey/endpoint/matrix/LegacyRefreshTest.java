package latchkey.endpoint.matrix;

import static latchkey.world.World.count;
import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `POST /refresh` of the Matrix client-server API: the engine of `/oauth2/token`, in other words.
@QuarkusTest
@WithTestResource(House.class)
class LegacyRefreshTest {
  private static final String HOME = "203.0.113.7";
  private static final String ELSEWHERE = "198.51.100.9";

  @Inject World world;

  private record Pair(String access, String refresh) {
    static Pair of(Response answer) {
      answer.then().statusCode(200);
      return new Pair(answer.path("access_token"), answer.path("refresh_token"));
    }
  }

  private Person alice;
  private String device;
  private Pair first;

  @BeforeEach
  void alice_is_signed_in() {
    alice = world.alice();
    device = World.device();
    var wishes =
        Map.of("device_id", device, "refresh_token", true, "initial_device_display_name", "Nheko");
    first = Pair.of(world.legacyLogIn(alice, wishes));
  }

  @Test
  void the_current_token_rotates_and_the_access_token_before_lives_on() {
    var answer = refresh(first);

    answer
        .then()
        .statusCode(200)
        .body("$", aMapWithSize(3))
        .body("access_token", startsWith("mct_"))
        .body("refresh_token", startsWith("mcr_"))
        .body("expires_in_ms", equalTo(300_000))
        .header("Cache-Control", "no-store");
    assertThat(world.isActive(Pair.of(answer).access())).isTrue();
    assertThat(world.isActive(first.access())).isTrue();
  }

  @Test
  void a_lost_reply_is_repeated_however_late_while_its_tokens_are_unused() {
    var second = Pair.of(refresh(first));

    assertThat(Pair.of(refresh(first))).isEqualTo(second);
    world.clock().advance(Duration.ofHours(30));
    assertThat(Pair.of(refresh(first)).refresh()).isEqualTo(second.refresh());
  }

  @Test
  void many_refreshes_at_once_get_one_answer() throws Exception {
    var refreshes = new ArrayList<Callable<Pair>>();
    for (int i = 0; i < 16; i++) {
      refreshes.add(() -> Pair.of(refresh(first)));
    }

    var answers = new HashSet<Pair>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(refreshes)) {
        answers.add(answer.get());
      }
    }

    assertThat(answers).hasSize(1);
  }

  @Test
  void two_processes_with_one_store_get_the_same_tokens_within_the_leeway() {
    var second = Pair.of(refresh(first));
    use(second);

    assertThat(Pair.of(refresh(first)).refresh()).isEqualTo(second.refresh());
  }

  @Test
  void a_thief_ends_the_session_takes_the_device_along_and_its_user_is_told() {
    var second = Pair.of(refresh(first));
    use(second);
    world.clock().advance(Duration.ofMinutes(1));

    unknown(world.legacyRefresh(first.refresh(), "nio", ELSEWHERE));

    unknown(refresh(second));
    assertThat(world.isActive(second.access())).isFalse();
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).doesNotContain(device);
    assertThat(
            count(
                "select count(*) from latchkey.audit_events where kind = 'refresh_token_reused' and client_id is null and user_id = '%s'"
                    .formatted(alice.id())))
        .isEqualTo(1);
    var browser = new Browser();
    var notice = world.signIn(browser, alice, "/login").location();
    assertThat(browser.get(notice).body()).contains("Nheko");
  }

  /// Clients take any JSON they are refused new tokens with for the end of their session.
  @Test
  void what_may_pass_is_503_without_a_word_of_json() {
    use(Pair.of(refresh(first)));
    world.clock().advance(Duration.ofSeconds(60));

    later(world.legacyRefresh(first.refresh(), "nio", "203.0.113.99"));
    later(world.legacyRefresh(first.refresh(), "EvilBrowser/1.0", HOME));
    World.sql("update latchkey.users set locked_at = now() where id = '%s'".formatted(alice.id()));
    later(refresh(first));
    World.sql("update latchkey.users set locked_at = null where id = '%s'".formatted(alice.id()));

    assertThat(
            count(
                "select count(*) from latchkey.oauth_sessions where finished_at is null and device_id = '%s'"
                    .formatted(device)))
        .isEqualTo(1);
  }

  private static void later(Response answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).matches("[1-9][0-9]*");
    assertThat(answer.contentType()).startsWith("text/plain");
    assertThat(answer.body().asString()).doesNotContain("{");
  }

  @Test
  void tokens_of_other_kinds_are_dead_here_and_these_are_dead_elsewhere() {
    var client = world.aPublicClient();
    var oauth = world.logIn(alice, client, World.device());
    var lasting = world.legacyLogIn(alice, Map.of()).then().extract().<String>path("access_token");

    for (var other :
        new String[] {oauth.refresh(), oauth.access(), lasting, first.access(), "mcr_"}) {
      unknown(world.legacyRefresh(other, "nio", HOME));
    }
    world
        .refresh(client, first.refresh())
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
    assertThat(world.isActive(oauth.access())).isTrue();
    assertThat(Pair.of(refresh(first)).refresh()).isNotEqualTo(first.refresh());
  }

  @Test
  void signing_out_kills_the_refresh_token_too() {
    http()
        .header("Authorization", "Bearer " + first.access())
        .post("/_matrix/client/v3/logout")
        .then()
        .statusCode(200);

    unknown(refresh(first));
  }

  @Test
  void a_reported_token_ends_the_session() {
    http().formParam("token", first.refresh()).post("/oauth2/revoke").then().statusCode(200);

    unknown(refresh(first));
  }

  @Test
  void tokens_that_synapse_made_are_tokens_of_their_session() {
    var access = "syt_" + alice.username() + "_abcdefghijklmnopqrst_1a2b3c";
    var refresh = "syr_" + alice.username() + "_abcdefghijklmnopqrst_1a2b3c";
    taken(access, "mct");
    taken(refresh, "mcr");
    assertThat(world.isActive(access)).isTrue();

    var second = Pair.of(world.legacyRefresh(refresh, "nio", HOME));

    assertThat(second.access()).startsWith("mct_");
    assertThat(Pair.of(world.legacyRefresh(refresh, "nio", HOME))).isEqualTo(second);
    http()
        .header("Authorization", "Bearer " + access)
        .post("/_matrix/client/v3/logout")
        .then()
        .statusCode(200);
    assertThat(world.isActive(second.access())).isFalse();
  }

  private void taken(String token, String kind) {
    World.sql(
        """
        insert into latchkey.foreign_tokens (digest, session_id, kind, generation, issued_at)
        select sha256('%s'::bytea), id, '%s', generation, issued_at from latchkey.oauth_sessions where device_id = '%s'
        """
            .formatted(token, kind, device));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json | {                     | M_NOT_JSON
          application/json | ''                    | M_NOT_JSON
          application/json | {}                    | M_BAD_JSON
          application/json | {"refresh_token": 1}  | M_BAD_JSON
          application/json | []                    | M_BAD_JSON
          text/plain       | {"refresh_token":"a"} | M_NOT_JSON
          """)
  void a_request_that_makes_no_sense_is_400(String type, String body, String errcode) {
    http()
        .header("Content-Type", type)
        .body(body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .post("/_matrix/client/v3/refresh")
        .then()
        .statusCode(400)
        .body("errcode", equalTo(errcode));
  }

  @Test
  void a_body_must_say_what_it_is() {
    var answer = Raw.post("/_matrix/client/v3/refresh", "{\"refresh_token\":\"a\"}");

    assertThat(answer.statusLine()).contains(" 400 ");
    assertThat(answer.rest()).contains("M_NOT_JSON");
  }

  private Response refresh(Pair pair) {
    return world.legacyRefresh(pair.refresh(), "nio", HOME);
  }

  private void use(Pair pair) {
    assertThat(world.isActive(pair.access())).isTrue();
    world.flush();
  }

  private static void unknown(Response answer) {
    answer
        .then()
        .statusCode(401)
        .body("$", aMapWithSize(2))
        .body("errcode", equalTo("M_UNKNOWN_TOKEN"))
        .body("error", equalTo("Invalid refresh token"));
  }
}
