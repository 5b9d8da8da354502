package latchkey;

import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import latchkey.base.limit.RateLimiter;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.LimitedHouse;
import latchkey.world.Logs;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Limits on what can be guessed, at the front door. Three attempts to sign in from an address, one
/// more every 100 seconds; four at an account by strangers; two wrong passwords for an account from
/// an address; three from a known browser. Addresses are of nobody else.
@Tag("slow")
@QuarkusTest
@WithTestResource(LimitedHouse.class)
class RateLimitsTest {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String METRIC = "latchkey_rate_limit_checks_total";

  private static final UUID NOBODY = new UUID(0, 0);

  @Inject World world;

  private Person alice;

  @BeforeEach
  void alice_has_an_account() {
    alice = world.alice();
  }

  @Test
  void ways_to_providers_and_back() {
    var statuses =
        Stream.of("authorize", "callback", "authorize", "callback")
            .map(
                way ->
                    http()
                        .header("X-Forwarded-For", "198.51.100.77")
                        .get("/upstream/" + way + "/01KB0000000000000000000009?code=x&state=y")
                        .statusCode())
            .toList();

    assertThat(statuses).containsExactly(404, 404, 429, 429);
  }

  @Test
  void a_legacy_client_is_told_how_long_to_wait_to_the_millisecond() throws Exception {
    var home = address();
    for (int i = 0; i < 3; i++) {
      logIn(alice.username(), alice.password(), home).statusCode(200);
    }

    var refused = logIn(alice.username(), alice.password(), home).statusCode(429);
    refused
        .body("errcode", equalTo("M_LIMIT_EXCEEDED"))
        .body("error", equalTo("Too many login attempts"));
    assertThat(millis(refused)).isBetween(60_000, 100_000);
    assertThat(seconds(refused)).isEqualTo(Math.ceilDiv(millis(refused), 1000));
    logIn(alice.username(), alice.password(), address()).statusCode(200);

    pass(millis(refused) - 700);
    var nearly = logIn(alice.username(), alice.password(), home).statusCode(429);
    assertThat(millis(nearly)).isBetween(1, 700);
    assertThat(seconds(nearly)).isEqualTo(1);
    Thread.sleep(millis(nearly));
    logIn(alice.username(), alice.password(), home).statusCode(200);
    logIn(alice.username(), alice.password(), home).statusCode(429);
  }

  @Test
  void a_network_of_64_bits_is_one_address_and_an_ipv4_address_is_one_however_it_is_written() {
    var network = "2001:db8:" + Integer.toHexString(COUNT.incrementAndGet()) + ":";
    for (int i = 0; i < 3; i++) {
      logIn(nobody(), "wrong", network + "2::" + i).statusCode(403);
    }
    logIn(alice.username(), alice.password(), network + "2:ffff::9").statusCode(429);
    logIn(alice.username(), alice.password(), network + "3::").statusCode(200);

    var old = address();
    for (int i = 0; i < 3; i++) {
      logIn(nobody(), "wrong", "::ffff:" + old).statusCode(403);
    }
    logIn(alice.username(), alice.password(), old).statusCode(429);
  }

  @Test
  void the_sign_in_page_says_how_long_to_wait_and_keeps_what_was_typed() {
    var home = address();
    for (int i = 0; i < 3; i++) {
      assertThat(signIn(new Browser().from(home), nobody(), "wrong").status()).isEqualTo(200);
    }

    var refused = signIn(new Browser().from(home), alice.username(), alice.password());

    assertThat(refused.status()).isEqualTo(429);
    assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isBetween(60, 100);
    assertThat(refused.body())
        .contains("data-error-kind=\"rate_limit_exceeded\"")
        .containsPattern("too many tries to sign in\\. Wait \\d+ (seconds|minutes), then try again")
        .contains("value=\"" + alice.username() + "\"")
        .doesNotContain("aria-invalid", alice.password());
    assertThat(refused.headers().get("set-cookie")).doesNotContain("session=");
    var german =
        signIn(new Browser().from(home).speaking("de"), alice.username(), alice.password());
    assertThat(german.body()).contains("zu viele Versuche");
    logIn(alice.username(), alice.password(), home).statusCode(429);
  }

  @Test
  void a_stranger_slows_strangers_and_locks_nobody_out() {
    var home = address();
    var laptop = new Browser().from(home);
    assertThat(signIn(laptop, alice).status()).isEqualTo(303);
    var mallory = world.alice();
    var hers = new Browser().from(address());
    assertThat(signIn(hers, mallory).status()).isEqualTo(303);

    for (int i = 0; i < 4; i++) {
      logIn(alice.username().toUpperCase(java.util.Locale.ROOT), "guess", address());
    }

    // Every stranger waits, with the right password too, and so does who is known for another.
    var refused = logIn(alice.username(), alice.password(), address()).statusCode(429);
    assertThat(millis(refused)).isGreaterThan(100_000);
    assertThat(signIn(new Browser().from(address()), alice).status()).isEqualTo(429);
    assertThat(signIn(hers.from(address()), alice).status()).isEqualTo(429);
    // A browser that knows her does not, wherever it is, nor an old client where she signs in.
    assertThat(signIn(laptop.from(address()), alice).status()).isEqualTo(303);
    logIn(alice.username(), alice.password(), home).statusCode(200);
    // Others are not touched.
    logIn(mallory.username(), mallory.password(), address()).statusCode(200);
  }

  @Test
  void a_known_browser_does_not_wait_for_its_neighbours_and_has_a_limit_of_its_own() {
    var cafe = address();
    var laptop = new Browser().from(cafe);
    assertThat(signIn(laptop, alice).status()).isEqualTo(303);
    logIn(nobody(), "wrong", cafe).statusCode(403);
    logIn(nobody(), "wrong", cafe).statusCode(403);
    logIn(alice.username(), alice.password(), cafe).statusCode(429);

    for (int i = 0; i < 3; i++) {
      assertThat(signIn(laptop, alice.username(), "wrong").status()).isEqualTo(200);
    }

    assertThat(signIn(laptop.from(address()), alice).status()).isEqualTo(429);
    logIn(alice.username(), alice.password(), address()).statusCode(200);
    // For other accounts it is a stranger at an address like everybody else's.
    assertThat(signIn(laptop.from(cafe), nobody(), "wrong").status()).isEqualTo(429);
  }

  @Test
  void wrong_passwords_for_an_account_count_by_address_and_right_ones_do_not() {
    var home = address();
    logIn(alice.username(), "wrong", home).statusCode(403);
    logIn("@" + alice.username() + ":example.com", "wrong", home).statusCode(403);
    pass(300_000);

    assertThat(millis(logIn(alice.username(), alice.password(), home).statusCode(429)))
        .isGreaterThan(60_000);
    var bob = world.alice();
    var office = address();
    for (int i = 0; i < 3; i++) {
      logIn(bob.username(), bob.password(), office).statusCode(200);
    }
    pass(300_000);
    logIn(bob.username(), bob.password(), office).statusCode(200);
    logIn(nobody(), "wrong", home).statusCode(403);
  }

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

  @Test
  void an_app_password_that_is_over_costs_one_permit_as_every_try_does() {
    var home = address();
    for (int i = 0; i < 3; i++) {
      logIn(nobody(), "0000-0000-0000-0000-0000-0000-000" + i, home).statusCode(403);
    }

    logIn(nobody(), "0000-0000-0000-0000-0000-0000-0003", home).statusCode(429);
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

  @Test
  void a_refusal_leaves_a_figure_and_a_line_that_names_nobody() {
    var home = address();
    var sample = METRIC + "{limit=\"rate_limiting.login.per_ip\",outcome=\"refused\"}";
    double before = metric(sample);
    try (var log = Logs.of(RateLimiter.class)) {
      for (int i = 0; i < 4; i++) {
        logIn(alice.username(), alice.password(), home);
      }

      assertThat(log.texts())
          .singleElement()
          .asString()
          .matches("refused by the limit rate_limiting\\.login\\.per_ip, open again in \\d+ ms")
          .doesNotContain(home, alice.username(), alice.password());
    }
    assertThat(metric(sample)).isEqualTo(before + 1);
    assertThat(metric(METRIC + "{limit=\"rate_limiting.login.per_ip\",outcome=\"allowed\"}"))
        .isGreaterThanOrEqualTo(3);
  }

  @Test
  void a_table_that_a_crash_emptied_starts_every_limit_anew() {
    var home = address();
    for (int i = 0; i < 3; i++) {
      logIn(nobody(), "wrong", home).statusCode(403);
    }
    logIn(alice.username(), alice.password(), home).statusCode(429);

    World.sql("truncate latchkey.rate_limits");

    logIn(alice.username(), alice.password(), home).statusCode(200);
  }

  @Test
  void a_job_forgets_what_is_whole_again() {
    logIn(alice.username(), alice.password(), address()).statusCode(200);
    pass(Duration.ofDays(31).toMillis());
    var fresh = address();
    logIn(nobody(), "wrong", fresh).statusCode(403);

    world.clock().advance(Duration.ofMinutes(11));
    world.runJobs();

    assertThat(World.count("select count(*) from latchkey.rate_limits where tat < now()")).isZero();
    assertThat(World.count("select count(*) from latchkey.rate_limits")).isEqualTo(4);
  }

  private static ValidatableResponse logIn(String name, String password, String address) {
    return http()
        .contentType("application/json")
        .header("X-Forwarded-For", address)
        .body(World.legacy(new Person(NOBODY, name, password), Map.of()))
        .post("/_matrix/client/v3/login")
        .then();
  }

  private Browser.Page signIn(Browser browser, Person person) {
    return signIn(browser, person.username(), person.password());
  }

  private Browser.Page signIn(Browser browser, String name, String password) {
    if (browser.get("/login").status() == 303) {
      signOut(browser);
    }
    return browser.submit(
        "/login", browser.get("/login"), Map.of("username", name, "password", password));
  }

  private static Browser.Page signOut(Browser browser) {
    return browser.submit("/logout", browser.get("/"), Map.of());
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

  private static double metric(String sample) {
    return http()
        .get("/metrics")
        .then()
        .body(containsString("# HELP"))
        .extract()
        .asString()
        .lines()
        .filter(line -> line.startsWith(sample))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static int millis(ValidatableResponse response) {
    return response.extract().path("retry_after_ms");
  }

  private static int seconds(ValidatableResponse response) {
    return Integer.parseInt(response.extract().header("Retry-After"));
  }

  private static String nobody() {
    return "nobody" + COUNT.incrementAndGet();
  }

  private static String address() {
    int number = COUNT.incrementAndGet();
    return "198.18." + number / 250 + "." + (number % 250 + 1);
  }

  /// Time goes by for everything that is counted.
  private static void pass(long millis) {
    World.sql(
        "update latchkey.rate_limits set tat = tat - interval '%d milliseconds'".formatted(millis));
  }
}
