package latchkey.cli;

import jakarta.inject.Singleton;
import latchkey.base.config.Configuration;
import latchkey.base.listener.Listeners;
import latchkey.base.web.page.Templates;
import latchkey.domain.session.ActivityFlush;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamConfig;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What may change while a server runs, at SIGHUP: certificates, templates and translations,
/// providers. Each by itself: where one cannot be read again, the log says so and the others are.
@Singleton
class ReadAgain {
  private static final Logger LOG = Logger.getLogger("latchkey");

  private final Listeners listeners;
  private final Templates templates;
  private final ActivityFlush activity;
  private final Providers providers;
  private final SyncProviders syncProviders;

  /// What was good when it was read last.
  private @Nullable Configuration last;

  ReadAgain(
      Listeners listeners,
      Templates templates,
      ActivityFlush activity,
      Providers providers,
      SyncProviders syncProviders) {
    this.listeners = listeners;
    this.templates = templates;
    this.activity = activity;
    this.providers = providers;
    this.syncProviders = syncProviders;
  }

  /// One at a time, so that what was read last is what stays.
  synchronized void handle() {
    tryOut("the certificates", listeners::reload);
    tryOut("the templates and translations", templates::reload);
    tryOut("the activity of sessions", activity::soon);
    tryOut("the providers", this::readProviders);
  }

  /// Whatever goes wrong, this thread has more to do.
  private static void tryOut(String part, Runnable reading) {
    try {
      reading.run();
    } catch (RuntimeException | Error e) {
      LOG.errorf(e, "%s could not be read again and stay as they were", part);
    }
  }

  /// Client secrets change, and providers come and go. With a mistake in them all stay as they
  /// were.
  private void readProviders() {
    var read = (last == null ? Configuration.current() : last).again();
    var root = read.root(true);
    var upstream = UpstreamConfig.read(root);
    var errors = root.faults().errors();
    if (!errors.isEmpty()) {
      errors.forEach(fault -> LOG.errorf("providers stay as they were: %s", fault));
      return;
    }
    last = read;
    root.faults().warnings().forEach(fault -> LOG.warnf("%s", fault));
    if (providers.all().isEmpty() && upstream.providers().isEmpty()) {
      return;
    }
    providers.replace(upstream);
    syncProviders.handle(upstream);
    LOG.infof("the configuration of %d providers was read again", providers.all().size());
  }
}
