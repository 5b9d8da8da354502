package latchkey;

import static latchkey.world.World.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.stream.Stream;
import latchkey.base.limit.RateLimiter;
import latchkey.world.LimitedHouse;
import latchkey.world.Logs;
import latchkey.world.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Limits on what can be guessed, at the front door: counted, told, and forgotten.
@Tag("slow")
@QuarkusTest
@WithTestResource(LimitedHouse.class)
class RateLimitsTest extends LimitedScene {
  private static final String METRIC = "latchkey_rate_limit_checks_total";

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
  void an_app_password_that_is_over_costs_one_permit_as_every_try_does() {
    var home = address();
    for (int i = 0; i < 3; i++) {
      logIn(nobody(), "0000-0000-0000-0000-0000-0000-000" + i, home).statusCode(403);
    }

    logIn(nobody(), "0000-0000-0000-0000-0000-0000-0003", home).statusCode(429);
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

  /// Time goes by for everything that is counted.
  private static void pass(long millis) {
    World.sql(
        "update latchkey.rate_limits set tat = tat - interval '%d milliseconds'".formatted(millis));
  }
}
