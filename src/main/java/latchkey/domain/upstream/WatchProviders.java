package latchkey.domain.upstream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import latchkey.base.system.Ids;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Keeps what is known of providers fresh while this process runs, and tells their state as a
/// figure: `latchkey_upstream_up`, 1 or 0 for each.
@Singleton
public class WatchProviders {
  private static final Logger LOG = Logger.getLogger(WatchProviders.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Providers providers;
  private final ProviderWatch watch;
  private final MeterRegistry meters;
  private final Set<UUID> measured = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Thread watching;

  WatchProviders(Providers providers, ProviderWatch watch, MeterRegistry meters) {
    this.providers = providers;
    this.watch = watch;
    this.meters = meters;
  }

  /// Needs no database, and keeps nobody waiting.
  public void start() {
    var thread = Thread.ofVirtual().name("providers").unstarted(this::run);
    watching = thread;
    thread.start();
  }

  public void stop() {
    var thread = watching;
    watching = null;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void run() {
    while (Thread.currentThread() == watching) {
      try {
        measure();
        watch.askDue();
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("providers could not be watched; trying again", e);
      }
    }
  }

  private void measure() {
    for (var provider : providers.all()) {
      if (measured.add(provider.id())) {
        Gauge.builder(
                "latchkey.upstream.up", provider.id(), id -> watch.trouble(id).isEmpty() ? 1 : 0)
            .description("whether people can sign in through a provider")
            .tag("provider", Ids.text(provider.id()))
            .strongReference(true)
            .register(meters);
      }
    }
  }
}
