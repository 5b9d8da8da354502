package latchkey.cli;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import latchkey.base.config.ServeOptions;
import latchkey.base.database.DatabaseState;
import latchkey.domain.lifecycle.ProviderSyncRepository;
import latchkey.domain.upstream.ProviderConfig;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamConfig;
import org.jboss.logging.Logger;

/// Brings the providers that were read last into the database: once it is there, whenever they are
/// read again, and if it is away then, when it is back. With `--no-sync` it only looks whether they
/// are in there. Nobody can sign in through one that is not, and the log says so.
@Singleton
class SyncProviders {
  private static final Logger LOG = Logger.getLogger("latchkey");
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ServeOptions options;
  private final ProviderSyncRepository repository;
  private final TellDisabledProviders tellDisabled;
  private final DatabaseState state;

  private List<ProviderConfig> wanted;

  /// Those that were in the database when it was last asked.
  private Set<UUID> known = Set.of();

  private boolean prepared;
  private boolean waiting;

  /// What was said last of why they cannot be stored.
  private String trouble = "";

  private volatile boolean stopped;

  SyncProviders(
      ServeOptions options,
      ProviderSyncRepository repository,
      TellDisabledProviders tellDisabled,
      DatabaseState state,
      UpstreamConfig config) {
    this.options = options;
    this.repository = repository;
    this.tellDisabled = tellDisabled;
    this.state = state;
    this.wanted = config.providers();
  }

  /// The schema is in order.
  synchronized void prepare() throws SQLException {
    store();
    prepared = true;
  }

  /// They were read again.
  synchronized void handle(UpstreamConfig config) {
    wanted = config.providers();
    if (!prepared) {
      tellMissing("the database is not there yet; they get into it when it is");
      return;
    }
    try {
      if (state.isReady()) {
        store();
        return;
      }
      tellMissing("it is away; they get into it when it is back");
    } catch (SQLException | RuntimeException e) {
      tellMissing("it does not take them (" + e.getMessage() + "); this is tried again");
    }
    if (!waiting) {
      waiting = true;
      Thread.ofVirtual().name("sync-providers").start(this::keepTrying);
    }
  }

  void stop() {
    stopped = true;
  }

  private void store() throws SQLException {
    if (options.sync()) {
      tellDisabled.handle(repository.sync(wanted, false, false));
    }
    known = repository.enabled();
    tellMissing("with --no-sync this server leaves it as it is; run `latchkey config sync`");
  }

  private void tellMissing(String why) {
    var missing =
        wanted.stream()
            .filter(provider -> provider.enabled() && !known.contains(provider.id()))
            .map(Providers::nameOf)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      LOG.warnf(
          "not in the database yet, so that nobody can sign in through them: %s; %s", missing, why);
    }
  }

  private void keepTrying() {
    try {
      do {
        Thread.sleep(PAUSE);
      } while (!stopped && !hasCaughtUp());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean hasCaughtUp() {
    if (!state.isReady()) {
      return false;
    }
    try {
      store();
      waiting = false;
      trouble = "";
      LOG.infof("the %d providers that were read again are known to the database", known.size());
      return true;
    } catch (SQLException | RuntimeException e) {
      var words = String.valueOf(e.getMessage());
      if (!words.equals(trouble)) {
        trouble = words;
        tellMissing("it does not take them (" + words + "); this is tried again");
      }
      return false;
    }
  }
}
