package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import latchkey.world.Replica;
import latchkey.world.Replica.Answer;
import latchkey.world.Replicas;
import latchkey.world.Seeder;
import latchkey.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The homeserver and Latchkey ask each other. While it does not answer, introspection and refresh
/// do not notice, and a code that could not be exchanged stays good.
@Tag("slow")
@Timeout(180)
class HomeserverHangsTest {
  private static final int LOGINS = 100;
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  @RegisterExtension static final Replicas house = Replicas.open();

  private static Replica latchkey;

  @BeforeAll
  static void it_runs() {
    latchkey = house.start();
    World.within(Duration.ofSeconds(40), () -> latchkey.metric("latchkey_changes_hearing") == 1.0);
  }

  @AfterEach
  void it_answers_again() {
    house.homeserver().answer();
  }

  @Test
  void a_hundred_logins_hang_and_nobody_else_notices() throws Exception {
    var codes = house.seeder().codes(LOGINS);
    house.homeserver().hang();

    var refused = whileOthersGoOn(codes);

    assertThat(refused).allSatisfy(HomeserverHangsTest::isPutOff);
    house.homeserver().answer();
    stillGood(codes);
  }

  @Test
  void nobody_listens_there() throws Exception {
    var codes = house.seeder().codes(LOGINS);
    house.homeserver().refuse();

    var refused = whileOthersGoOn(codes);

    assertThat(refused).allSatisfy(HomeserverHangsTest::isPutOff);
    house.homeserver().answer();
    stillGood(codes);
  }

  @Test
  void it_fails_every_time() throws Exception {
    var codes = house.seeder().codes(LOGINS);
    house.homeserver().fail(500);

    var refused = whileOthersGoOn(codes);

    assertThat(refused).allSatisfy(HomeserverHangsTest::isPutOff);
    house.homeserver().answer();
    stillGood(codes);
  }

  /// All codes are exchanged at once; meanwhile homeserver and phones ask as ever.
  private static List<Answer> whileOthersGoOn(List<String> codes) throws Exception {
    var warm = house.seeder().sessions(20);
    warm.forEach(session -> assertThat(latchkey.introspect(session.access()).isActive()).isTrue());
    var cold = house.seeder().sessions(20);
    var phone = house.seeder().session();
    var exchanges = all(codes);

    var times = new ArrayList<Long>();
    var token = phone.refresh();
    for (int i = 0; i < 20 || exchanges.stream().anyMatch(exchange -> !exchange.isDone()); i++) {
      var known = warm.get(i % warm.size());
      var unknown = cold.get(i % cold.size());
      assertThat(timed(times, () -> latchkey.introspect(known.access())).isActive()).isTrue();
      assertThat(timed(times, () -> latchkey.introspect(unknown.access())).isActive()).isTrue();
      var current = token;
      var refreshed = timed(times, () -> latchkey.refresh(Seeder.CLIENT_ID, current));
      assertThat(refreshed.status()).isEqualTo(200);
      token = refreshed.json().getString("refresh_token");
    }
    times.sort(null);
    System.out.printf(
        "[homeserver] meanwhile %d introspections and refreshes: p50 %d ms, p99 %d ms, longest %d"
            + " ms%n",
        times.size(), ms(times, 50), ms(times, 99), ms(times, 100));
    // A hundred logins at once keep a cold process busy; what must not show is the homeserver's
    // time.
    assertThat(ms(times, 50)).isLessThan(300);
    assertThat(ms(times, 100)).isLessThan(DEADLINE.toMillis() / 2);
    return answers(exchanges);
  }

  private static void isPutOff(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers()).containsKey("retry-after");
    assertThat(answer.json().getString("error")).isEqualTo("temporarily_unavailable");
    assertThat(answer.json().containsKey("errcode")).isFalse();
  }

  /// Whoever is put off once more, as jobs that waited are after the same devices, asks again.
  private static void stillGood(List<String> codes) throws Exception {
    long until = System.nanoTime() + DEADLINE.toNanos();
    var left = codes;
    while (!left.isEmpty()) {
      var answers = answers(all(left));
      var putOff = new ArrayList<String>();
      for (int i = 0; i < left.size(); i++) {
        var answer = answers.get(i);
        if (answer.status() == 503 && System.nanoTime() < until) {
          isPutOff(answer);
          putOff.add(left.get(i));
        } else {
          assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
      }
      left = putOff;
    }
  }

  private static List<Future<Answer>> all(List<String> codes) {
    var exchanges = new ArrayList<Future<Answer>>();
    for (var code : codes) {
      var exchange = new FutureTask<>(() -> latchkey.exchange(Seeder.CLIENT_ID, code));
      Thread.ofVirtual().start(exchange);
      exchanges.add(exchange);
    }
    return exchanges;
  }

  private static List<Answer> answers(List<Future<Answer>> exchanges)
      throws InterruptedException, ExecutionException {
    var answers = new ArrayList<Answer>();
    for (var exchange : exchanges) {
      answers.add(exchange.get());
    }
    return answers;
  }

  private static Answer timed(List<Long> times, Callable<Answer> call) throws Exception {
    long from = System.nanoTime();
    var answer = call.call();
    times.add(System.nanoTime() - from);
    return answer;
  }

  private static long ms(List<Long> sorted, int percent) {
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)) / 1_000_000;
  }
}
