package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import latchkey.outage.Crowd.Tokens;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.Seeder;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two processes on one database: `kill -9` of either at any moment, under phones that refresh (as
/// OAuth clients and as old Matrix clients do) and apps that exchange their codes, logs nobody out;
/// and one refresh token that many use at both at once makes one branch.
@Tag("slow")
class KilledReplicaTest {
  private static final int KILLS = Soak.count(2, 100);
  private static final int PHONES = 12;
  private static final int OLD_PHONES = 6;
  private static final int APPS = 3;
  private static final int ROUNDS = Soak.count(5, 1000);
  private static final int USES = 64;

  private static final String ENDED =
      "select count(*) from latchkey.oauth_sessions where opened_at is not null and finished_at is"
          + " not null";

  @RegisterExtension static final Replicas house = Replicas.open();

  private static final List<Replica> replicas = new ArrayList<>();

  @BeforeAll
  static void two_processes() {
    replicas.add(house.start());
    replicas.add(house.start());
  }

  @Test
  @Timeout(3600)
  void nobody_is_logged_out_by_it() throws Exception {
    Queue<Tokens> newcomers = new ConcurrentLinkedQueue<>();
    try (var crowd = new Crowd(house.seeder(), replicas)) {
      var phones = new ArrayList<>(crowd.phones(PHONES));
      phones.addAll(crowd.oldPhones(OLD_PHONES));
      crowd.apps(APPS, answer -> newcomers.add(Tokens.of(answer)));

      long seed = System.nanoTime();
      System.out.println("[kills] seed " + seed);
      var random = new Random(seed);
      for (int i = 0; i < KILLS; i++) {
        Traffic.pause(Duration.ofMillis(random.nextInt(700)));
        var victim = replicas.get(random.nextInt(replicas.size()));
        victim.kill();
        Traffic.pause(Duration.ofMillis(random.nextInt(300)));
        victim.start();
      }

      crowd.assertContent();
      assertThat(crowd.unanswered()).isPositive();
      phones.forEach(KilledReplicaTest::assertUsable);
    }
    newcomers.forEach(KilledReplicaTest::assertUsable);
    assertThat(house.postgres().number(ENDED)).as("sessions that ended").isZero();
  }

  @Test
  @Timeout(3600)
  void many_uses_of_a_refresh_token_at_both_make_one_branch_and_get_one_answer() throws Exception {
    var session = house.seeder().session();
    var held = new Tokens(session.access(), session.refresh());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 1; round <= ROUNDS; round++) {
        held = useAtOnce(threads, held);
        assertThat(generation(session)).isEqualTo(round);
      }
    }
    assertUsable(held);
  }

  /// Activity is written down a thousand sessions at a time, or once a minute.
  @Test
  @Timeout(120)
  void it_costs_no_activity_but_that_of_the_round_under_way() throws Exception {
    var replica = replicas.getFirst();
    var many = house.seeder().sessions(1000);
    many.forEach(session -> assertUsed(replica, session));
    World.within(Duration.ofSeconds(20), () -> written(many) == many.size());
    house.seeder().sessions(20).forEach(session -> assertUsed(replica, session));

    replica.kill();
    replica.start();

    assertThat(written(many)).isEqualTo(many.size());
  }

  private static void assertUsed(Replica replica, Seeder.Session session) {
    assertThat(replica.introspect(session.access()).isActive()).isTrue();
  }

  private static long written(List<Seeder.Session> sessions) {
    var ids = sessions.stream().map(session -> "'" + session.id() + "'").toList();
    return house
        .postgres()
        .number(
            "select count(last_active_at) from latchkey.oauth_sessions where id in ("
                + String.join(",", ids)
                + ")");
  }

  private static Tokens useAtOnce(ExecutorService threads, Tokens held) throws Exception {
    var uses = new ArrayList<Callable<Replica.Answer>>();
    for (int i = 0; i < USES; i++) {
      var replica = replicas.get(i % replicas.size());
      // Whoever shows the access token meanwhile has the same row written to.
      uses.add(
          i % 8 == 0
              ? () -> replica.introspect(held.access())
              : () -> replica.refresh(Seeder.CLIENT_ID, held.refresh()));
    }
    var answers = new HashSet<Tokens>();
    for (var use : threads.invokeAll(uses)) {
      var answer = use.get();
      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
      if (answer.json().containsKey("refresh_token")) {
        answers.add(Tokens.of(answer));
      }
    }
    assertThat(answers).hasSize(1);
    return answers.iterator().next();
  }

  private static long generation(Seeder.Session session) {
    return house
        .postgres()
        .number("select generation from latchkey.oauth_sessions where id = '" + session.id() + "'");
  }

  private static void assertUsable(Crowd.Phone phone) {
    if (phone.isOld()) {
      assertUsable(replicas.getFirst().refreshCompat(phone.held().refresh()));
    } else {
      assertUsable(phone.held());
    }
  }

  /// The access token may be of long ago.
  private static void assertUsable(Tokens tokens) {
    assertUsable(replicas.getFirst().refresh(Seeder.CLIENT_ID, tokens.refresh()));
  }

  private static void assertUsable(Replica.Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(replicas.getFirst().introspect(Tokens.of(answer).access()).isActive()).isTrue();
  }
}
