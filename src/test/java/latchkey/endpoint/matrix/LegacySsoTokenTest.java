package latchkey.endpoint.matrix;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import latchkey.world.House;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `m.login.token`: what that way ends with.
@QuarkusTest
@WithTestResource(House.class)
class LegacySsoTokenTest extends SsoScene {
  @AfterEach
  void the_homeserver_is_back() {
    world.homeserver().comeBack();
  }

  @Test
  void a_token_is_good_once_and_for_thirty_seconds() {
    var token = token();
    world.clock().advance(Duration.ofSeconds(25));
    exchange(token, Map.of()).then().statusCode(200);
    refused(exchange(token, Map.of()), "Invalid login token");

    var late = token();
    world.clock().advance(Duration.ofSeconds(32));
    refused(exchange(late, Map.of()), "Login token expired");
    refused(exchange("x".repeat(32), Map.of()), "Invalid login token");
  }

  @Test
  void many_exchanges_of_one_token_at_once_open_one_session() throws Exception {
    var token = token();
    var exchanges = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 8; i++) {
      exchanges.add(() -> exchange(token, Map.of()).statusCode());
    }

    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var status : threads.invokeAll(exchanges)) {
        statuses.add(status.get());
      }
    }

    assertThat(statuses).containsOnlyOnce(200).isSubsetOf(200, 403, 503);
    world.runJobs();
    assertThat(world.homeserver().devices(alice.username())).hasSize(1);
  }

  @Test
  void a_homeserver_that_is_away_leaves_the_token_good() {
    var token = token();
    world.homeserver().goAway();
    exchange(token, Map.of())
        .then()
        .statusCode(503)
        .header("Retry-After", "2")
        .body("errcode", equalTo("M_UNKNOWN"));
    world.homeserver().comeBack();

    exchange(token, Map.of()).then().statusCode(200);
  }

  @Test
  void a_token_of_who_is_locked_waits_and_of_who_signed_out_is_worthless() {
    var token = token();
    lock("now()");
    exchange(token, Map.of())
        .then()
        .statusCode(401)
        .body("errcode", equalTo("M_USER_LOCKED"))
        .body("soft_logout", equalTo(true));
    lock("null");
    exchange(token, Map.of()).then().statusCode(200);

    var other = token();
    browser.submit("/logout", browser.get("/"), Map.of());
    refused(exchange(other, Map.of()), "Invalid login token");
  }

  @Test
  void no_token_stands_in_the_database() {
    var token = token();

    assertThat(
            count(
                "select count(*) from latchkey.compat_sso_logins l where l::text like '%%%s%%'"
                    .formatted(token)))
        .isZero();
  }

  @Test
  void a_week_later_nothing_is_left_of_it() {
    start(APP, "");
    token();
    world.clock().advance(Duration.ofDays(8));

    world.runJobs();

    assertThat(
            count(
                "select count(*) from latchkey.compat_sso_logins where created_at < '%s'"
                    .formatted(world.clock().instant().minus(Duration.ofDays(7)))))
        .isZero();
  }

  private static void refused(Response answer, String error) {
    answer
        .then()
        .statusCode(403)
        .body("errcode", equalTo("M_FORBIDDEN"))
        .body("error", equalTo(error));
  }

  /// A login token of this person and browser.
  private String token() {
    return loginToken(goThrough(start(APP, "")));
  }
}
