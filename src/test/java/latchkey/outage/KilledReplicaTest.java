package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.Seeder;
import latchkey.world.Seeder.Session;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `kill -9` of either of two replicas at any moment, under phones that refresh and apps that
/// exchange their codes: nobody who is logged in is logged out.
@Tag("slow")
class KilledReplicaTest {
  private static final int KILLS = Soak.count(2, 100);
  private static final int PHONES = 12;
  private static final int APPS = 3;

  @RegisterExtension static final Replicas house = Replicas.open();

  private final List<Replica> replicas = new ArrayList<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Queue<Tokens> newcomers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refreshes = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile boolean over;

  private record Tokens(String access, String refresh) {
    static Tokens of(Replica.Answer answer) {
      var json = answer.json();
      return new Tokens(json.getString("access_token"), json.getString("refresh_token"));
    }
  }

  @Test
  @Timeout(3600)
  void nobody_is_logged_out_by_it() throws Exception {
    replicas.add(house.start());
    replicas.add(house.start());
    var phones = new ArrayList<Phone>();
    house.seeder().sessions(PHONES).forEach(session -> phones.add(new Phone(session)));
    var threads = new ArrayList<Thread>();
    phones.forEach(phone -> threads.add(Thread.ofVirtual().start(phone::live)));
    for (int i = 0; i < APPS; i++) {
      threads.add(Thread.ofVirtual().start(this::logInAgainAndAgain));
    }

    var random = new Random();
    for (int i = 0; i < KILLS; i++) {
      Traffic.pause(Duration.ofMillis(random.nextInt(700)));
      var victim = replicas.get(random.nextInt(replicas.size()));
      victim.kill();
      Traffic.pause(Duration.ofMillis(random.nextInt(300)));
      victim.start();
    }
    over = true;
    for (var thread : threads) {
      thread.join();
    }

    System.out.printf(
        "[kill -9] %d times: %d refreshes, %d logins, %d requests without an answer%n",
        KILLS, refreshes.get(), newcomers.size(), unanswered.get());
    assertThat(wrong).isEmpty();
    assertThat(refreshes.get()).isGreaterThan(PHONES);
    assertThat(unanswered.get()).isPositive();
    phones.forEach(phone -> assertUsable(phone.held));
    newcomers.forEach(KilledReplicaTest.this::assertUsable);
    assertThat(house.postgres().number(ENDED)).as("sessions that ended").isZero();
  }

  private static final String ENDED =
      "select count(*) from latchkey.oauth_sessions where opened_at is not null and finished_at is"
          + " not null";

  private void assertUsable(Tokens tokens) {
    var replica = replicas.getFirst();
    assertThat(replica.introspect(tokens.access()).isActive()).isTrue();
    assertThat(replica.refresh(Seeder.CLIENT_ID, tokens.refresh()).status()).isEqualTo(200);
  }

  /// Refreshes whenever it can, keeps the last answer it received, and shows its access token
  /// around.
  private final class Phone {
    private final Random random = new Random();
    private Tokens held;

    Phone(Session session) {
      held = new Tokens(session.access(), session.refresh());
    }

    void live() {
      while (!over) {
        var replica = replicas.get(random.nextInt(replicas.size()));
        try {
          if (random.nextBoolean()) {
            show(replica);
          }
          refresh(replica);
        } catch (UncheckedIOException e) {
          unanswered.incrementAndGet();
        }
        Traffic.pause(Duration.ofMillis(20 + random.nextInt(100)));
      }
    }

    private void show(Replica replica) {
      var answer = replica.introspect(held.access());
      if (answer.status() == 200 && !answer.isActive()) {
        wrong.add("a good access token was called inactive");
      }
    }

    private void refresh(Replica replica) {
      var answer = replica.refresh(Seeder.CLIENT_ID, held.refresh());
      if (answer.status() == 200) {
        refreshes.incrementAndGet();
        held = Tokens.of(answer);
      } else if (answer.status() != 503) {
        wrong.add("a phone was refused: " + answer);
      }
    }
  }

  private void logInAgainAndAgain() {
    var random = new Random();
    while (!over) {
      for (var code : house.seeder().codes(5)) {
        logIn(code, random);
      }
    }
  }

  /// As an app does: it asks again while there is no answer, or one that says to. Only when an
  /// answer was lost may the code be used up: the login fails then, and no session is lost.
  private void logIn(String code, Random random) {
    boolean lost = false;
    // A process that is killed keeps its lease of the code for half a minute.
    for (int i = 0; i < 600 && !over; i++) {
      try {
        var replica = replicas.get(random.nextInt(replicas.size()));
        var answer = replica.exchange(Seeder.CLIENT_ID, code);
        if (answer.status() == 200) {
          newcomers.add(Tokens.of(answer));
          return;
        } else if (answer.status() != 503) {
          if (!lost) {
            wrong.add("a code was refused: " + answer);
          }
          return;
        }
      } catch (UncheckedIOException e) {
        lost = true;
        unanswered.incrementAndGet();
      }
      Traffic.pause(Duration.ofMillis(200));
    }
    if (!over) {
      wrong.add("a code was put off for ever");
    }
  }
}
