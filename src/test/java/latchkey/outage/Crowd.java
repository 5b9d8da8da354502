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
import java.util.function.Consumer;
import java.util.function.Function;
import latchkey.world.Replica;
import latchkey.world.Seeder;
import latchkey.world.Seeder.Session;

/// Phones that refresh, and apps that exchange their codes, at whichever of some replicas. They are
/// honest: they keep the last answer they received, and ask again while there is none or one that
/// says to. Whatever else they are told is noted as wrong.
final class Crowd implements AutoCloseable {
  private static final Duration CODE_LIFETIME = Duration.ofSeconds(59);

  private final Seeder seeder;
  private final List<Replica> replicas;
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refreshes = new AtomicInteger();
  private final AtomicInteger logins = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile boolean over;

  Crowd(Seeder seeder, List<Replica> replicas) {
    this.seeder = seeder;
    this.replicas = replicas;
  }

  record Tokens(String access, String refresh) {
    static Tokens of(Replica.Answer answer) {
      var json = answer.json();
      return new Tokens(json.getString("access_token"), json.getString("refresh_token"));
    }
  }

  /// So many phones that live from now on.
  List<Phone> phones(int count) {
    var phones = new ArrayList<Phone>();
    seeder.sessions(count).forEach(session -> phones.add(new Phone(session, false)));
    return alive(phones);
  }

  /// So many that have an old Matrix client, and live from now on.
  List<Phone> oldPhones(int count) {
    var phones = new ArrayList<Phone>();
    seeder.compatSessions(count).forEach(session -> phones.add(new Phone(session, true)));
    return alive(phones);
  }

  private List<Phone> alive(List<Phone> phones) {
    phones.forEach(phone -> threads.add(Thread.ofVirtual().start(phone::live)));
    return phones;
  }

  /// So many apps that sign in again and again.
  ///
  /// @param welcome takes what each sign-in got
  void apps(int count, Consumer<Replica.Answer> welcome) {
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofVirtual().start(() -> logInAgainAndAgain(welcome)));
    }
  }

  void wrong(String what) {
    wrong.add(what);
  }

  /// Ends it all, and finds that nobody was told anything wrong.
  void assertContent() {
    close();
    System.out.println("[crowd] " + this);
    assertThat(wrong).isEmpty();
    assertThat(refreshes.get()).isPositive();
  }

  int unanswered() {
    return unanswered.get();
  }

  @Override
  public void close() {
    over = true;
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String toString() {
    return "%d refreshes, %d logins, %d requests without an answer"
        .formatted(refreshes.get(), logins.get(), unanswered.get());
  }

  /// Asks any of the replicas until there is an answer that does not put it off.
  Replica.Answer ask(Function<Replica, Replica.Answer> request) {
    var random = new Random();
    for (int i = 0; i < 1200; i++) {
      try {
        var answer = request.apply(replicas.get(random.nextInt(replicas.size())));
        if (answer.status() != 503) {
          return answer;
        }
      } catch (UncheckedIOException e) {
        unanswered.incrementAndGet();
      }
      Traffic.pause(Duration.ofMillis(50));
    }
    throw new AssertionError("put off for ever");
  }

  /// Refreshes whenever it can, keeps the last answer it received, and shows its access token
  /// around.
  final class Phone {
    private final Random random = new Random();
    private final boolean old;
    private volatile Tokens held;

    private Phone(Session session, boolean old) {
      this.old = old;
      held = new Tokens(session.access(), session.refresh());
    }

    Tokens held() {
      return held;
    }

    boolean isOld() {
      return old;
    }

    private void live() {
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
      if (answer.status() == 200 ? !answer.isActive() : answer.status() != 503) {
        wrong("a good access token was not called so: " + answer);
      }
    }

    private void refresh(Replica replica) {
      var answer =
          old
              ? replica.refreshCompat(held.refresh())
              : replica.refresh(Seeder.CLIENT_ID, held.refresh());
      if (answer.status() == 200) {
        refreshes.incrementAndGet();
        held = Tokens.of(answer);
      } else if (answer.status() != 503) {
        wrong("a phone was refused: " + answer);
      }
    }
  }

  private void logInAgainAndAgain(Consumer<Replica.Answer> welcome) {
    var random = new Random();
    while (!over) {
      logIn(seeder.codes(1).getFirst(), random, welcome);
    }
  }

  /// As an app does: it asks again while there is no answer, or one that says to. Only when an
  /// answer was lost may the code be used up, and two processes that were killed one after the
  /// other over one code may outlast it: the login fails then, and no session is lost.
  private void logIn(String code, Random random, Consumer<Replica.Answer> welcome) {
    boolean lost = false;
    long made = System.nanoTime();
    // A process that is killed keeps its lease of the code for half a minute.
    for (int i = 0; i < 600 && !over; i++) {
      try {
        var replica = replicas.get(random.nextInt(replicas.size()));
        var answer = replica.exchange(Seeder.CLIENT_ID, code);
        if (answer.status() == 200) {
          logins.incrementAndGet();
          welcome.accept(answer);
          return;
        } else if (answer.status() != 503) {
          boolean old = System.nanoTime() - made > CODE_LIFETIME.toNanos();
          if (!lost && !old) {
            wrong("a code was refused: " + answer);
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
      wrong("a code was put off for ever");
    }
  }
}
