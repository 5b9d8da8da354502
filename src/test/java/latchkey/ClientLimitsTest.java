package latchkey;

import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import latchkey.world.House;
import latchkey.world.LimitedHouse;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Limits on clients: how many register themselves, and how often their secrets can be guessed.
@Tag("slow")
@QuarkusTest
@WithTestResource(LimitedHouse.class)
class ClientLimitsTest extends LimitedScene {
  @Test
  void clients_that_register_themselves_are_limited_by_address() {
    var home = address();
    for (int i = 0; i < 3; i++) {
      register(home).then().statusCode(201);
    }

    var refused = register(home).then().statusCode(429);

    refused.body("error", equalTo("temporarily_unavailable")).body("$", not(hasKey("errcode")));
    assertThat(seconds(refused)).isBetween(60, 100);
    register(address()).then().statusCode(201);
  }

  @Test
  void secrets_of_clients_cannot_be_guessed_at_will_and_the_token_endpoint_never_says_429() {
    var guesser = address();
    for (int i = 0; i < 2; i++) {
      token("guess " + i, guesser).then().statusCode(401).body("error", equalTo("invalid_client"));
    }
    for (var secret : new String[] {"guess 3", World.CONFIDENTIAL_SECRET}) {
      var refused = token(secret, guesser).then().statusCode(503);
      refused.body("error", equalTo("temporarily_unavailable")).body("errcode", nullValue());
      assertThat(seconds(refused)).isBetween(60, 100);
    }
    introspect("guess 4", guesser).then().statusCode(503);

    token(World.CONFIDENTIAL_SECRET, address())
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
    world.clock().advance(Duration.ofSeconds(101));
    token(World.CONFIDENTIAL_SECRET, guesser)
        .then()
        .statusCode(400)
        .body("error", equalTo("invalid_grant"));
  }

  @Test
  void guesses_of_a_secret_that_arrive_at_once_are_judged_no_oftener() throws Exception {
    var guesser = address();
    var office = address();

    var wrong = at(30, () -> token("guess", guesser).statusCode());
    var right = at(30, () -> token(World.CONFIDENTIAL_SECRET, office).statusCode());

    assertThat(wrong).containsOnly(401, 503);
    assertThat(wrong).filteredOn(status -> status == 401).hasSize(2);
    assertThat(right).as("no guesses").containsOnly(400);
  }

  @Test
  void a_guess_is_not_judged_before_the_one_ahead_of_it_is_counted() throws Exception {
    var guesser = address();
    token("guess 1", guesser).then().statusCode(401);
    token("guess 2", guesser).then().statusCode(401);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var connection = House.database().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select from latchkey.rate_limits for update");
      var ahead = threads.submit(() -> token("guess 3", guesser).statusCode());
      World.within(
          Duration.ofSeconds(5),
          () ->
              World.count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
                  > 0);
      var lucky = threads.submit(() -> token(World.CONFIDENTIAL_SECRET, guesser).statusCode());
      assertThatThrownBy(() -> lucky.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      connection.rollback();

      assertThat(ahead.get()).isEqualTo(503);
      assertThat(lucky.get()).isEqualTo(503);
    }
  }

  private static List<Integer> at(int many, Callable<Integer> once) throws Exception {
    var answers = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(Collections.nCopies(many, once))) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  private static Response register(String address) {
    var metadata = new HashMap<>(World.metadata());
    metadata.put("client_name", "Client " + COUNT.incrementAndGet());
    return http()
        .contentType("application/json")
        .header("X-Forwarded-For", address)
        .body(metadata)
        .post("/oauth2/registration");
  }

  private static Response token(String secret, String address) {
    return http()
        .auth()
        .preemptive()
        .basic(World.CONFIDENTIAL, form(secret))
        .header("X-Forwarded-For", address)
        .formParam("grant_type", "authorization_code")
        .formParam("code", "none")
        .formParam("redirect_uri", World.CONFIDENTIAL_REDIRECT_URI)
        .post("/oauth2/token");
  }

  private static Response introspect(String secret, String address) {
    return http()
        .auth()
        .preemptive()
        .basic(World.CONFIDENTIAL, form(secret))
        .header("X-Forwarded-For", address)
        .formParam("token", "none")
        .post("/oauth2/introspect");
  }

  private static String form(String secret) {
    return java.net.URLEncoder.encode(secret, java.nio.charset.StandardCharsets.UTF_8);
  }
}
