import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A load generator for the endpoints of an OAuth server and the login of old Matrix clients, for any
/// server that speaks them. Nothing but the JDK: `java bench/load/Load.java KIND name=value …`, one
/// JSON line comes out. "access refresh" stands on a line of a file of tokens.
///
///     get             path=/.well-known/openid-configuration
///     introspect      tokens=FILE auth=HEADER [path=] [once=true]    once: each a single time
///     refresh         tokens=FILE client=ID [secret=S] [path=]      every connection turns its own chains
///     exchange        codes=FILE client=ID redirect=URI verifier=V out=FILE [path=]     each code once
///     revoke          tokens=FILE client=ID [secret=S] [path=]      each access token once
///     login           user=U password=P count=N                     the form of Latchkey's sign-in page
///     upstream-login  people=FILE provider=ID                       each person once, back from a Provider
///     legacy-login    users=FILE password=P [out=FILE]              each user once
///     legacy-token    tokens=FILE [out=FILE]                        each login token once
///     legacy-refresh  tokens=FILE                                   every connection turns its own chains
///     legacy-logout   tokens=FILE                                   each access token once
///
/// Common: `url=http://127.0.0.1:8080 connections=32 seconds=10 warm=3`. It speaks HTTP/1.1 and keeps
/// its connections alive; answers other than the right one are counted by status. "warm" on the
/// standard error says that the measurement begins.
final class Load {
  private final Requests requests;
  private final Map<String, AtomicInteger> others = new TreeMap<>();
  private final AtomicLong all = new AtomicLong();
  private volatile long begin;

  private Load(Requests requests) {
    this.requests = requests;
  }

  public static void main(String[] words) throws Exception {
    var options = new TreeMap<String, String>();
    for (var word : Arrays.asList(words).subList(1, words.length)) {
      int equals = word.indexOf('=');
      options.put(word.substring(0, equals), word.substring(equals + 1));
    }
    var load = new Load(new Requests(options));
    var oauth = new OAuthLoad(load, load.requests);
    var legacy = new LegacyLoad(load, load.requests);
    switch (words[0]) {
      case "get" -> oauth.get();
      case "introspect" -> oauth.introspect();
      case "refresh" -> oauth.refresh();
      case "exchange" -> oauth.exchange();
      case "revoke" -> oauth.revoke();
      case "login" -> oauth.login();
      case "upstream-login" -> new UpstreamLoad(load, load.requests).login();
      case "legacy-login" -> legacy.login();
      case "legacy-token" -> legacy.token();
      case "legacy-refresh" -> legacy.refresh();
      case "legacy-logout" -> legacy.logout();
      default -> throw new IllegalArgumentException("unknown: " + words[0]);
    }
  }

  /// What one connection sends next.
  interface Source {
    void next(Connection connection) throws IOException;
  }

  interface Sources {
    Source of(int connection);
  }

  /// What is done for one item.
  interface Act<T> {
    void on(Connection connection, T item) throws IOException;
  }

  /// Made once a connection, before the measurement begins.
  interface Acts<T> {
    Act<T> of(Connection connection) throws IOException;
  }

  boolean counted(Connection.Answer answer) {
    return counted(answer, 200);
  }

  /// Whether it is the right answer; another is told in the end.
  boolean counted(Connection.Answer answer, int right) {
    if (answer.status() == right) {
      return true;
    }
    note(String.valueOf(answer.status()));
    return false;
  }

  /// Counts what should not have been, to be told in the end.
  void note(String what) {
    synchronized (others) {
      others.computeIfAbsent(what, _ -> new AtomicInteger()).incrementAndGet();
    }
  }

  /// Every connection asks for as long as it was told, after warming up.
  void timed(Sources sources) throws Exception {
    long warm = requests.number("warm", 3) * 1_000_000_000L;
    long seconds = requests.number("seconds", 10) * 1_000_000_000L;
    run(
        requests.number("connections", 32),
        (number, connection, times, start) -> {
          var source = sources.of(number);
          int before = 0;
          for (long from = System.nanoTime(); System.nanoTime() - from < warm; before++) {
            source.next(connection);
          }
          all.addAndGet(before);
          start.run();
          for (long from = begin; from - begin < seconds; ) {
            source.next(connection);
            long to = System.nanoTime();
            times.add(to - from);
            from = to;
          }
        });
  }

  /// Every item once.
  <T> void each(List<T> items, Acts<T> acts) throws Exception {
    var next = new AtomicInteger();
    run(
        Math.min(requests.number("connections", 32), Math.max(items.size(), 1)),
        (_, connection, times, start) -> {
          var act = acts.of(connection);
          start.run();
          for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
            long from = System.nanoTime();
            act.on(connection, items.get(i));
            times.add(System.nanoTime() - from);
          }
        });
  }

  private interface Worker {
    void work(int number, Connection connection, Times times, Runnable start) throws IOException;
  }

  private void run(int connections, Worker worker) throws Exception {
    var all = new ArrayList<Times>();
    var threads = new ArrayList<Thread>();
    // They begin together, when the last of them is warm.
    var barrier =
        new CyclicBarrier(
            connections,
            () -> {
              System.err.println("warm");
              begin = System.nanoTime();
            });
    for (int i = 0; i < connections; i++) {
      var times = new Times();
      int number = i;
      all.add(times);
      threads.add(Thread.ofPlatform().start(() -> work(worker, number, times, barrier)));
    }
    for (var thread : threads) {
      thread.join();
    }
    tell(Times.sorted(all), (System.nanoTime() - begin) / 1e9);
  }

  private void work(Worker worker, int number, Times times, CyclicBarrier barrier) {
    try (var connection = new Connection(requests.url())) {
      worker.work(number, connection, times, () -> await(barrier));
    } catch (IOException | RuntimeException e) {
      // A measurement with fewer connections than it says is none.
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private void tell(long[] sorted, double took) {
    var told = new StringBuilder();
    others.forEach((status, count) -> told.append(told.isEmpty() ? "" : ", ").append('"').append(status).append("\": ").append(count));
    System.out.printf(
        Locale.ROOT,
        "{\"requests\": %d, \"all\": %d, \"seconds\": %.3f, \"rate\": %.1f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f,"
            + " \"others\": {%s}}%n",
        sorted.length, all.get() + sorted.length, took, sorted.length / took, Times.at(sorted, 0.5), Times.at(sorted, 0.99),
        Times.at(sorted, 1), told);
  }
}
