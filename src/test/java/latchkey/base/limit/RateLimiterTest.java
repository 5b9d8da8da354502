package latchkey.base.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.base.error.DomainProblem;
import latchkey.base.limit.RateLimiter.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/// The algorithm, where the database is the clock. Two limiters are two replicas.
class RateLimiterTest {
  private static final DataSource DATABASE = TestDatabase.fresh();
  private static final byte[] SECRET = new byte[32];

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RateLimiter limiter = limiter(DATABASE);

  @Test
  void a_burst_passes_at_once_and_then_one_a_second() {
    var limit = new RateLimit("burst", 3, 1);
    for (int i = 0; i < 3; i++) {
      assertAllowed(limiter.take(limit, "a"));
    }

    assertThat(wait(limiter.take(limit, "a"))).isBetween(900L, 1000L);
    assertAllowed(limiter.take(limit, "b"));
    pass("1 second");
    assertAllowed(limiter.take(limit, "a"));
    assertThat(wait(limiter.take(limit, "a"))).isBetween(900L, 1000L);
    pass("1 hour");
    for (int i = 0; i < 3; i++) {
      assertAllowed(limiter.take(limit, "a"));
    }
    assertThat(wait(limiter.take(limit, "a"))).isBetween(900L, 1000L);
  }

  @Test
  void the_time_told_is_long_enough_and_not_a_millisecond_longer() throws Exception {
    var limit = new RateLimit("exact", 1, 0.01);
    assertAllowed(limiter.take(limit, "a"));
    var other = limiter(DATABASE);
    long wait = wait(other.take(limit, "a"));

    pass(wait - 1000 + " milliseconds");
    long rest = wait(limiter.take(limit, "a"));
    assertThat(rest).isBetween(1L, 1000L);
    Thread.sleep(rest);

    assertAllowed(other.take(limit, "a"));
  }

  @Test
  void it_is_the_database_that_says_how_long() throws Exception {
    var limit = new RateLimit("told", 1, 0.01);
    limiter.take(limit, "a");

    long before = micros();
    long wait = wait(limiter.take(limit, "a"));
    long after = micros();

    // What is left, at the earliest and the latest moment it can have been looked at.
    assertThat(wait).isBetween(Math.ceilDiv(after, 1000L), Math.ceilDiv(before, 1000L));
  }

  @Test
  void many_at_once_at_two_replicas_get_no_more_than_there_is() throws Exception {
    var limit = new RateLimit("race", 10, 0.001);
    var other = limiter(DATABASE);
    var tries = new ArrayList<Callable<Verdict>>();
    for (int i = 0; i < 64; i++) {
      var replica = i % 2 == 0 ? limiter : other;
      tries.add(() -> replica.take(limit, "a"));
    }

    try (var threads = Executors.newFixedThreadPool(16)) {
      int allowed = 0;
      for (var verdict : threads.invokeAll(tries)) {
        allowed += verdict.get() instanceof Verdict.Allowed ? 1 : 0;
      }
      assertThat(allowed).isEqualTo(10);
    }
  }

  @Test
  void a_refusal_costs_nothing_and_what_is_given_back_is_there_again() {
    var limit = new RateLimit("back", 2, 0.001);
    limiter.take(limit, "a");
    limiter.take(limit, "a");
    long first = wait(limiter.take(limit, "a"));
    assertThat(wait(limiter.take(limit, "a"))).isLessThanOrEqualTo(first);

    limiter.giveBack(limit, "a");

    assertAllowed(limiter.take(limit, "a"));
    wait(limiter.take(limit, "a"));
    limiter.giveBack(limit, "nobody");
  }

  @Test
  void parts_of_a_subject_do_not_run_into_one_another() {
    var limit = new RateLimit("parts", 1, 0.001);
    assertAllowed(limiter.take(limit, "ab", "c"));

    assertAllowed(limiter.take(limit, "a", "bc"));
    assertAllowed(limiter.take(limit, "abc"));
  }

  @Test
  void another_secret_counts_anew() {
    var limit = new RateLimit("secret", 1, 0.001);
    limiter.take(limit, "a");
    var elsewhere = new byte[32];
    elsewhere[0] = 1;

    assertAllowed(
        new RateLimiter(new RateLimitRepository(DATABASE), new RateLimitKeys(elsewhere), meters)
            .take(limit, "a"));
  }

  @ParameterizedTest
  @CsvSource({
    "4294967295, 0.000000001",
    "4294967295, 999999999",
    "1, 1e-300",
    "1, 999999999",
  })
  void the_ends_of_what_can_be_set_work(long burst, double perSecond) {
    var limit = new RateLimit("ends", burst, perSecond);

    assertAllowed(limiter.take(limit, burst + " " + perSecond));
  }

  @Test
  void something_is_kept_in_mind_for_its_time() {
    assertThat(limiter.remembers("place", "a")).isFalse();
    limiter.remember("place", Duration.ofDays(2), "a");
    assertThat(limiter.remembers("place", "a")).isTrue();
    assertThat(limiter.remembers("place", "b")).isFalse();

    pass("49 hours");

    assertThat(limiter.remembers("place", "a")).isFalse();
  }

  @Test
  void without_a_database_nothing_passes_and_is_counted_as_unknown() {
    var gone = new PGSimpleDataSource();
    gone.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
    var limit = new RateLimit("gone", 1, 0.001);
    var blind = limiter(gone);

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> blind.take(limit, "a"))
          .isInstanceOfSatisfying(
              DomainProblem.class,
              problem -> assertThat(problem.reason()).isEqualTo(DomainProblem.Reason.UNAVAILABLE));
    }
    blind.giveBack(limit, "a");
    assertThat(blind.remembers("place", "a")).isFalse();

    assertThat(count("gone", "unknown")).isEqualTo(2);
    assertThat(count("gone", "allowed")).isZero();
  }

  @Test
  void a_database_that_is_there_and_does_not_do_it_opens_no_door() {
    var limit = new RateLimit("broken", 1, 0.001);
    var broken = limiter(TestDatabase.empty());

    assertThatThrownBy(() -> broken.take(limit, "a"))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(SQLException.class);
  }

  @Test
  void each_check_is_counted() {
    var limit = new RateLimit("counted", 2, 0.001);
    for (int i = 0; i < 5; i++) {
      limiter.take(limit, "a");
    }

    assertThat(count("counted", "allowed")).isEqualTo(2);
    assertThat(count("counted", "refused")).isEqualTo(3);
  }

  @Test
  void only_what_says_nothing_any_more_is_forgotten() throws Exception {
    var table = new RateLimitRepository(TestDatabase.fresh());
    var keys = new RateLimitKeys(SECRET);
    var limit = new RateLimit("idle", 1, 1000);
    for (int i = 0; i < 5; i++) {
      table.take(keys.of("idle", java.util.List.of("past " + i)), limit);
    }
    var held = new RateLimit("held", 1, 0.001);
    var key = keys.of("held", java.util.List.of("a"));
    table.take(key, held);
    Thread.sleep(10);

    var first = table.deleteIdle(new byte[0], 4);
    var second = table.deleteIdle(java.util.Objects.requireNonNull(first.last()), 4);

    assertThat(first.deleted()).isBetween(3L, 4L);
    assertThat(first.deleted() + second.deleted()).isEqualTo(5);
    assertThat(second.last()).as("the end").isNull();
    assertThat(table.deleteIdle(new byte[0], 4).deleted()).isZero();
    assertThat(table.take(key, held)).isFalse();
  }

  @Test
  void forgetting_looks_at_each_row_once_however_many_are_held() throws Exception {
    var database = TestDatabase.fresh();
    var table = new RateLimitRepository(database);
    TestDatabase.execute(
        database,
        """
        insert into latchkey.rate_limits
        select decode(md5(n::text), 'hex'), now() + case when n % 100 = 0 then interval '-1 hour' else '1 hour' end
          from generate_series(1, 20000) n;
        analyze latchkey.rate_limits
        """);
    var cleanUp = new CleanUpRateLimits(table);

    int steps = 1;
    while (cleanUp.step()) {
      steps++;
    }

    assertThat(steps).isEqualTo(21);
    assertThat(TestDatabase.number(database, "select count(*) from latchkey.rate_limits"))
        .isEqualTo(19_800);
    assertThat(
            plan(
                database,
                "select key from latchkey.rate_limits where key > '\\xff' order by key limit 1000"))
        .contains("rate_limits_pkey")
        .doesNotContain("Seq Scan");
  }

  private static String plan(DataSource database, String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("explain " + sql)) {
      var lines = new StringBuilder();
      while (rows.next()) {
        lines.append(rows.getString(1)).append('\n');
      }
      return lines.toString();
    }
  }

  private RateLimiter limiter(DataSource database) {
    return new RateLimiter(new RateLimitRepository(database), new RateLimitKeys(SECRET), meters);
  }

  private double count(String limit, String outcome) {
    return meters.counter("latchkey.rate.limit.checks", "limit", limit, "outcome", outcome).count();
  }

  private static void assertAllowed(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
  }

  /// In milliseconds.
  private static long wait(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return ((Verdict.Refused) verdict).retryAfter().toMillis();
  }

  /// How far the youngest row is ahead, by the database.
  private static long micros() throws SQLException {
    var sql =
        "select cast(extract(epoch from max(tat) - clock_timestamp()) * 1000000 as bigint)"
            + " from latchkey.rate_limits where tat < clock_timestamp() + interval '101 seconds'"
            + " and tat > clock_timestamp() + interval '60 seconds'";
    try (var connection = DATABASE.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  /// Time goes by for everything that is remembered.
  private static void pass(String time) {
    try (var connection = DATABASE.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("update latchkey.rate_limits set tat = tat - interval '" + time + "'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
