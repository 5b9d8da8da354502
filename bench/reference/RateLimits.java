import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import latchkey.base.limit.RateLimit;
import latchkey.base.limit.RateLimitKeys;
import latchkey.base.limit.RateLimiter;

/// Checks rate limits as the service does, through its own classes and a pool like its own, and
/// nothing else. Run in a JVM like the service's, with its class path:
///
///     java … -cp … RateLimits JDBC-URL SECONDS WARM SUBJECTS
///
/// One JSON line comes out; `all` counts the warm-up too.
final class RateLimits {
  private static final int THREADS = 32;
  private static final int CONNECTIONS = 10;

  public static void main(String[] words) throws Exception {
    double seconds = Double.parseDouble(words[1]);
    long warm = (long) (Double.parseDouble(words[2]) * 1e9);
    int subjects = Integer.parseInt(words[3]);
    var limit = new RateLimit("bench", 1_000_000, 1);
    var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try (var pool = pool(words[0])) {
      var limiter = limiter(pool);
      long begin = System.nanoTime() + warm;
      long end = begin + (long) (seconds * 1e9);
      var all = new AtomicInteger();
      var refused = new AtomicInteger();
      var times = new Times[THREADS];
      var threads = new Thread[THREADS];
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        threads[i] =
            Thread.ofVirtual()
                .start(() -> times[number] = check(limiter, limit, subjects, begin, end, all, refused));
      }
      Thread.sleep(warm / 1_000_000);
      long cpu = os.getProcessCpuTime();
      for (var thread : threads) {
        thread.join();
      }
      cpu = os.getProcessCpuTime() - cpu;
      var sorted = Times.sorted(Arrays.asList(times));
      System.out.printf(
          Locale.ROOT,
          "{\"rate\": %.1f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"cpu_ms\": %.4f, \"all\": %d, \"refused\": %d}%n",
          sorted.length / seconds, Times.at(sorted, 0.5), Times.at(sorted, 0.99), cpu / 1e6 / sorted.length, all.get(), refused.get());
    }
  }

  private static Times check(
      RateLimiter limiter, RateLimit limit, int subjects, long begin, long end, AtomicInteger all, AtomicInteger refused) {
    var times = new Times();
    for (long from = System.nanoTime(); from < end; ) {
      var subject = "subject " + ThreadLocalRandom.current().nextInt(subjects);
      if (limiter.take(limit, subject) instanceof RateLimiter.Verdict.Refused) {
        refused.incrementAndGet();
      }
      all.incrementAndGet();
      long to = System.nanoTime();
      if (from >= begin) {
        times.add(to - from);
      }
      from = to;
    }
    return times;
  }

  private static AgroalDataSource pool(String url) throws Exception {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(CONNECTIONS)
                        .initialSize(CONNECTIONS)
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url))));
  }

  /// The service has it made by injection, so its constructors are nobody else's.
  private static RateLimiter limiter(DataSource pool) throws Exception {
    var type = Class.forName("latchkey.base.limit.RateLimitRepository");
    var repository = type.getDeclaredConstructor(DataSource.class);
    repository.setAccessible(true);
    var limiter = RateLimiter.class.getDeclaredConstructor(type, RateLimitKeys.class, MeterRegistry.class);
    limiter.setAccessible(true);
    return limiter.newInstance(
        repository.newInstance(pool), new RateLimitKeys(new byte[32]), new SimpleMeterRegistry());
  }
}
