package latchkey.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import latchkey.world.Replica;
import latchkey.world.Replicas;
import latchkey.world.Seeder.Session;
import latchkey.world.World;

/// Homeservers that introspect, phones that refresh, and somebody who ends sessions and locks
/// users, by SQL and over HTTP, all at once. Every answer is held against what was true at the
/// time.
///
/// An answer may be as old as [#RULE] says. While a replica is cut off from its database it may be
/// as old as that ([#cutOff]).
final class Traffic implements AutoCloseable {
  /// How old an answer may be at most: two seconds after the last ping, and some for this machine.
  static final Duration RULE = Duration.ofMillis(2300);

  /// How long a replica may need to notice that its database is back.
  static final Duration RETURN = Duration.ofSeconds(7);

  private static final int STABLE = 100;
  private static final int CHANGING = 150;
  private static final int ASKERS = 3;
  private static final int PHONES = 3;
  private static final Duration BETWEEN = Duration.ofMillis(3);
  private static final int LATENCIES = 1_000_000;

  private record CutOff(String replica, long from, AtomicLong until) {}

  private final List<Replica> replicas;
  private final Truth truth = new Truth();
  private final List<Session> stable;
  private final List<Session> changing;
  private final List<Session> phones;
  private final Queue<CutOff> cutOffs = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Queue<String> unavailable = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();
  private final Changer changer;
  private volatile boolean over;

  private Traffic(Replicas house, List<Replica> replicas) {
    this.replicas = replicas;
    var seeder = house.seeder();
    this.stable = seeder.sessions(STABLE);
    this.changing = seeder.sessions(CHANGING);
    this.phones = seeder.sessions(PHONES);
    this.changer = new Changer(this, house, replicas, changing, truth);
  }

  /// Begins, once every replica knows every session.
  static Traffic begin(Replicas house, Replica... replicas) {
    var traffic = new Traffic(house, List.of(replicas));
    for (var replica : replicas) {
      traffic.stable.forEach(
          session -> assertThat(replica.introspect(session.access()).isActive()).isTrue());
      traffic.changing.forEach(session -> replica.introspect(session.access()));
    }
    for (var replica : replicas) {
      for (int i = 0; i < ASKERS; i++) {
        traffic.keep("asker", random -> traffic.ask(replica, random));
      }
    }
    traffic.phones.forEach(
        phone -> traffic.keep("phone", new RefreshingPhone(traffic, traffic.replicas, phone)::use));
    traffic.keep("changer", traffic.changer::change);
    return traffic;
  }

  /// From now until it is closed, and a little longer, the replica cannot reach its database.
  AutoCloseableCut cutOff(Replica replica) {
    var cut = new CutOff(replica.name(), System.nanoTime(), new AtomicLong(Long.MAX_VALUE));
    cutOffs.add(cut);
    return () -> cut.until().set(System.nanoTime() + RETURN.toNanos());
  }

  interface AutoCloseableCut extends AutoCloseable {
    @Override
    void close();
  }

  /// Waits until it has gone on for a while: every replica was heard, phones refreshed, and
  /// something was changed.
  void goOn() {
    var heard = new HashMap<String, Long>();
    for (var replica : replicas) {
      heard.put(answersOf(replica), counted(answersOf(replica)) + 100);
    }
    long refreshes = counted("refreshes") + PHONES;
    long changes = counted("changes") + 1;
    World.within(
        Duration.ofSeconds(30),
        () ->
            heard.entrySet().stream().allMatch(each -> counted(each.getKey()) >= each.getValue())
                && counted("refreshes") >= refreshes
                && counted("changes") >= changes);
  }

  private static String answersOf(Replica replica) {
    return "answers of " + replica.name();
  }

  /// Holds what should be true against what the database says. What is open is settled; what was
  /// lost since a moment is believed.
  void settle(long since) throws SQLException {
    changer.settle(since);
  }

  /// Ends it, and says what was seen.
  Report report() {
    close();
    var sorted = latencies.stream().sorted().toList();
    return new Report(
        List.copyOf(wrong),
        List.copyOf(unavailable),
        Map.copyOf(counts),
        percentile(sorted, 50),
        percentile(sorted, 99),
        percentile(sorted, 100));
  }

  @Override
  public void close() {
    over = true;
    for (var thread : threads) {
      try {
        thread.join(Duration.ofSeconds(130));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private interface Round {
    void run(Random random) throws Exception;
  }

  private void keep(String name, Round round) {
    var random = new Random(threads.size());
    threads.add(
        Thread.ofVirtual()
            .name(name)
            .start(
                () -> {
                  while (!over) {
                    try {
                      round.run(random);
                    } catch (Exception e) {
                      wrong.add(name + " failed: " + e);
                    }
                    pause(BETWEEN);
                  }
                }));
  }

  private void ask(Replica replica, Random random) {
    boolean touched = random.nextInt(3) > 0;
    var sessions = touched ? changing : stable;
    var session = sessions.get(random.nextInt(sessions.size()));
    long from = System.nanoTime();
    Replica.Answer answer;
    try {
      answer = replica.introspect(session.access());
    } catch (UncheckedIOException e) {
      unavailable.add(replica.name() + ": " + e.getCause());
      return;
    }
    long to = System.nanoTime();
    count("answers");
    count(answersOf(replica));
    if (latencies.size() < LATENCIES) {
      latencies.add(to - from);
    }
    if (answer.status() == 200) {
      judge(replica, session, answer.isActive(), from, to);
    } else if (answer.status() == 503 && answer.headers().containsKey("retry-after")) {
      count("503");
      if (!touched) {
        unavailable.add(replica.name() + ": 503 " + answer.body());
      }
    } else {
      wrong.add(replica.name() + ": " + answer);
    }
  }

  private void judge(Replica replica, Session session, boolean active, long from, long to) {
    count(active ? "active" : "inactive");
    if (!truth.mayHaveBeen(session.id(), active, oldest(replica, from), to)) {
      wrong.add(
          "%s said %s of %s, at %d ms"
              .formatted(
                  replica.name(), active ? "active" : "inactive", session.id(), from / 1_000_000));
    }
  }

  private long oldest(Replica replica, long asked) {
    long oldest = asked - RULE.toNanos();
    for (var cut : cutOffs) {
      boolean within =
          cut.replica().equals(replica.name())
              && asked - cut.from() >= 0
              && asked < cut.until().get();
      if (within) {
        oldest = Math.min(oldest, cut.from() - RULE.toNanos());
      }
    }
    return oldest;
  }

  private long counted(String what) {
    var count = counts.get(what);
    return count == null ? 0 : count.get();
  }

  void count(String what) {
    counts.computeIfAbsent(what, _ -> new AtomicLong()).incrementAndGet();
  }

  private static Duration percentile(List<Long> sorted, int percent) {
    return sorted.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)));
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
