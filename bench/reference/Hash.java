import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.base.crypto.PasswordHasher;
import latchkey.base.crypto.PasswordScheme;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Randomness;

/// Compares passwords with their hash as the service does, by its own class with its own bulkhead,
/// and nothing else. Run in a JVM like the service's, with its class path, settings and environment,
/// or it measures another thing than the service does:
///
///     java … -cp … Hash SECONDS WARM THREADS
///
/// So many threads ask at once; how many hashes are computed at once is the bulkhead's business.
/// One JSON line comes out.
final class Hash {
  public static void main(String[] words) throws Exception {
    double seconds = Double.parseDouble(words[0]);
    long warm = (long) (Double.parseDouble(words[1]) * 1e9);
    int count = Integer.parseInt(words[2]);
    var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try (var hasher = new PasswordHasher(List.of(PasswordScheme.standard()), new Randomness())) {
      if (!hasher.describe().contains("native")) {
        throw new IllegalStateException("not what the service uses: " + hasher.describe());
      }
      var password = Secret.of("password");
      var stored = hasher.hash(password);
      long begin = System.nanoTime() + warm;
      long end = begin + (long) (seconds * 1e9);
      var done = new AtomicInteger();
      var wrong = new AtomicInteger();
      var times = new Times[count];
      var threads = new Thread[count];
      for (int i = 0; i < count; i++) {
        int number = i;
        threads[i] = Thread.ofVirtual().start(() -> times[number] = verify(hasher, password, stored, begin, end, done, wrong));
      }
      Thread.sleep(warm / 1_000_000);
      // Counted by what is done: the queue that stands at the beginning is work that falls into the time measured.
      int before = done.get();
      long cpu = os.getProcessCpuTime();
      for (var thread : threads) {
        thread.join();
      }
      cpu = os.getProcessCpuTime() - cpu;
      double took = (System.nanoTime() - begin) / 1e9;
      int requests = done.get() - before;
      var sorted = Times.sorted(Arrays.asList(times));
      System.out.printf(
          Locale.ROOT,
          "{\"requests\": %d, \"rate\": %.1f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"cpu_ms\": %.3f, \"wrong\": %d}%n",
          requests, requests / took, Times.at(sorted, 0.5), Times.at(sorted, 0.99), cpu / 1e6 / requests, wrong.get());
    }
  }

  private static Times verify(
      PasswordHasher hasher,
      Secret password,
      PasswordHasher.HashedPassword stored,
      long begin,
      long end,
      AtomicInteger done,
      AtomicInteger wrong) {
    var times = new Times();
    for (long from = System.nanoTime(); from < end; ) {
      if (!(hasher.verify(password, stored) instanceof PasswordHasher.Verdict.Match)) {
        wrong.incrementAndGet();
      }
      done.incrementAndGet();
      long to = System.nanoTime();
      if (from >= begin) {
        times.add(to - from);
      }
      from = to;
    }
    return times;
  }
}
