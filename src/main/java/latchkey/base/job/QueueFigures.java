package latchkey.base.job;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The queue as figures: what waits, counted every 15 seconds by each server that runs jobs, and
/// how jobs went in this process.
final class QueueFigures {
  private static final Logger LOG = Logger.getLogger(JobRunner.class);
  static final Duration EVERY = Duration.ofSeconds(15);

  /// What became of a job, in the words of the service we replace and one more.
  enum Result {
    SUCCESS("success", "complete"),
    FAILED("failed", "retry"),
    POSTPONED("postponed", "retry");

    private final String text;
    private final String decision;

    Result(String text, String decision) {
      this.text = text;
      this.decision = decision;
    }
  }

  private final Queue queue;
  private final Clock clock;
  private final MeterRegistry meters;
  private final Duration pause;
  private final MultiGauge depth;
  private final MultiGauge failing;
  private final MultiGauge age;
  private final AtomicInteger active;
  private final Set<String> strangers = ConcurrentHashMap.newKeySet();
  private volatile List<String> kinds = List.of();
  private volatile @Nullable Thread counting;

  /// @param pause between two counts
  QueueFigures(Queue queue, Clock clock, MeterRegistry meters, Duration pause) {
    this.queue = queue;
    this.clock = clock;
    this.meters = meters;
    this.pause = pause;
    depth = gauge("latchkey.jobs.depth", "jobs that have not succeeded yet");
    failing = gauge("latchkey.jobs.failing", "of these, how many failed at least once");
    age =
        MultiGauge.builder("latchkey.jobs.oldest.age")
            .description("since the oldest of them was asked for")
            .baseUnit("seconds")
            .register(meters);
    active = new AtomicInteger();
    meters.gauge("job.active_tasks", active);
  }

  private MultiGauge gauge(String name, String description) {
    return MultiGauge.builder(name).description(description).register(meters);
  }

  /// Kinds with nothing to do are told as 0, so that an alarm finds them.
  void start(List<String> kinds) {
    this.kinds = List.copyOf(kinds);
    var counter = Thread.ofVirtual().name("queue-figures").unstarted(this::count);
    counting = counter;
    counter.start();
  }

  void stop() {
    var running = counting;
    if (running != null) {
      counting = null;
      running.interrupt();
    }
  }

  void begins() {
    active.incrementAndGet();
  }

  void ended(String kind, Result result, Duration took) {
    active.decrementAndGet();
    Timer.builder("job.process.duration")
        .tag("job.queue.name", kind)
        .tag("job.result", result.text)
        .tag("job.decision", result.decision)
        .register(meters)
        .record(took);
  }

  private void count() {
    while (Thread.currentThread().equals(counting)) {
      try {
        tell(queue.depths());
      } catch (SQLException | RuntimeException e) {
        LOG.debugf("the queue could not be counted: %s", e.getMessage());
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void tell(List<Queue.Depth> depths) {
    depths.stream().map(Queue.Depth::kind).filter(this::isStranger).forEach(this::introduce);
    var now = clock.instant();
    depth.register(rows(depths, Queue.Depth::count), true);
    failing.register(rows(depths, Queue.Depth::failing), true);
    age.register(rows(depths, d -> Duration.between(d.oldest(), now).toMillis() / 1000.0), true);
  }

  private boolean isStranger(String kind) {
    return !kinds.contains(kind);
  }

  private void introduce(String kind) {
    if (strangers.add(kind)) {
      LOG.warnf("jobs of the kind %s wait for a release that knows it", kind);
    }
  }

  private List<MultiGauge.Row<?>> rows(
      List<Queue.Depth> depths, ToDoubleFunction<Queue.Depth> figure) {
    var values = new TreeMap<String, Double>();
    kinds.forEach(kind -> values.put(kind, 0.0));
    depths.forEach(d -> values.put(d.kind(), figure.applyAsDouble(d)));
    var rows = new ArrayList<MultiGauge.Row<?>>();
    values.forEach((kind, value) -> rows.add(MultiGauge.Row.of(Tags.of("queue", kind), value)));
    return rows;
  }
}
