package latchkey.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import latchkey.base.config.Configuration;
import latchkey.base.config.ServeOptions;
import latchkey.base.crypto.PasswordHasher;
import latchkey.base.database.ChangeListener;
import latchkey.base.database.Changes;
import latchkey.base.database.DatabaseMonitor;
import latchkey.base.database.DatabaseState;
import latchkey.base.database.DirectWay;
import latchkey.base.database.Migrations;
import latchkey.base.job.JobRunner;
import latchkey.base.listener.Listeners;
import latchkey.base.mail.Mailer;
import latchkey.base.web.page.Templates;
import latchkey.domain.client.ClientsConfig;
import latchkey.domain.lifecycle.ClientSyncRepository;
import latchkey.domain.lifecycle.ClientSyncRepository.Act;
import latchkey.domain.session.ActivityFlush;
import latchkey.domain.session.UsedGenerationsFlush;
import latchkey.domain.token.SigningKeyRegistry;
import latchkey.domain.token.TokenKeyRegistry;
import latchkey.domain.upstream.ProviderSyncRepository;
import latchkey.domain.upstream.Providers;
import latchkey.domain.upstream.UpstreamConfig;
import latchkey.domain.upstream.WatchProviders;
import org.jboss.logging.Logger;
import sun.misc.Signal;

/// The order in which a server comes up and goes down. Listeners open first, so that what needs no
/// database answers from the first second; the database may come when it comes. Only what waiting
/// cannot mend ends the start: wrong credentials, a schema that is newer or must not be changed,
/// keys that do not fit.
@Singleton
class Startup {
  private static final Logger LOG = Logger.getLogger("latchkey");
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int SAY_AGAIN = 30;

  private final ServeOptions options;
  private final Listeners listeners;
  private final Templates templates;
  private final DirectWay directWay;
  private final Migrations migrations;
  private final DatabaseMonitor monitor;
  private final ChangeListener changeListener;
  private final DatabaseState state;
  private final TokenKeyRegistry tokenKeys;
  private final SigningKeyRegistry signingKeys;
  private final ClientSyncRepository clients;
  private final Changes changes;
  private final ClientsConfig clientsConfig;
  private final ProviderSyncRepository providerSync;
  private final Providers providers;
  private final WatchProviders watchProviders;
  private final UpstreamConfig upstreamConfig;
  private final JobRunner jobs;
  private final UsedGenerationsFlush usedGenerations;
  private final ActivityFlush activity;
  private final PasswordHasher hasher;
  private final Mailer mailer;
  private final MeterRegistry meters;
  private volatile boolean stopping;

  Startup(
      ServeOptions options,
      Listeners listeners,
      Templates templates,
      DirectWay directWay,
      Migrations migrations,
      DatabaseMonitor monitor,
      ChangeListener changeListener,
      DatabaseState state,
      TokenKeyRegistry tokenKeys,
      SigningKeyRegistry signingKeys,
      ClientSyncRepository clients,
      Changes changes,
      ClientsConfig clientsConfig,
      ProviderSyncRepository providerSync,
      Providers providers,
      WatchProviders watchProviders,
      UpstreamConfig upstreamConfig,
      JobRunner jobs,
      UsedGenerationsFlush usedGenerations,
      ActivityFlush activity,
      PasswordHasher hasher,
      Mailer mailer,
      MeterRegistry meters) {
    this.options = options;
    this.listeners = listeners;
    this.templates = templates;
    this.directWay = directWay;
    this.migrations = migrations;
    this.monitor = monitor;
    this.changeListener = changeListener;
    this.state = state;
    this.tokenKeys = tokenKeys;
    this.signingKeys = signingKeys;
    this.clients = clients;
    this.changes = changes;
    this.clientsConfig = clientsConfig;
    this.providerSync = providerSync;
    this.providers = providers;
    this.watchProviders = watchProviders;
    this.upstreamConfig = upstreamConfig;
    this.jobs = jobs;
    this.usedGenerations = usedGenerations;
    this.activity = activity;
    this.hasher = hasher;
    this.mailer = mailer;
    this.meters = meters;
  }

  void start(@Observes StartupEvent event) {
    if (options.listen()) {
      try {
        listeners.open();
      } catch (Listeners.CannotListen e) {
        refuse(String.valueOf(e.getMessage()));
        return;
      }
    }
    Signal.handle(new Signal("HUP"), _ -> readAgain());
    LOG.infof("passwords are hashed by %s", hasher.describe());
    mailer.probe();
    watchProviders.start();
    Thread.ofPlatform()
        .name("startup")
        .uncaughtExceptionHandler((_, e) -> refuse(e.toString()))
        .start(this::waitForDatabase);
  }

  /// What may change while we run: certificates, templates, translations, providers.
  private void readAgain() {
    listeners.reload();
    templates.reload();
    activity.soon();
    readProvidersAgain();
  }

  /// Client secrets change, and providers come and go. With a mistake in them all stay as they
  /// were.
  private void readProvidersAgain() {
    var root = Configuration.current().again().root(true);
    var upstream = UpstreamConfig.read(root);
    var errors = root.faults().errors();
    if (!errors.isEmpty()) {
      errors.forEach(fault -> LOG.errorf("providers stay as they were: %s", fault));
      return;
    }
    if (providers.all().isEmpty() && upstream.providers().isEmpty()) {
      return;
    }
    providers.replace(upstream);
    try {
      if (options.sync() && state.isReady()) {
        providerSync.sync(upstream.providers(), false, false);
      }
      LOG.infof("the configuration of %d providers was read again", providers.all().size());
    } catch (SQLException e) {
      LOG.error("providers that are new are not known to the database; send SIGHUP again", e);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
    listeners.close();
    watchProviders.stop();
    jobs.stop();
    usedGenerations.stop();
    activity.stop();
    changeListener.stop();
    monitor.stop();
    // Quarkus keeps the registry for the next application in this process, and what measures this
    // one would go on doing so.
    meters.clear();
  }

  private void waitForDatabase() {
    StartTrouble before = null;
    for (int tries = 0; !stopping; tries++) {
      try {
        monitor.probe();
        prepare();
        return;
      } catch (SQLException | Refusal | TokenKeyRegistry.WrongKeys | RuntimeException e) {
        var trouble = StartTrouble.of(e);
        face(trouble, !trouble.isLike(before) || tries % SAY_AGAIN == 0);
        before = trouble;
      }
      pause();
    }
  }

  /// Says what it is about when that is news, and every half minute.
  private void face(StartTrouble trouble, boolean say) {
    switch (trouble) {
      case StartTrouble.Refuse(var reason) -> refuse(reason);
      case StartTrouble.Wait(var reason) when say ->
          LOG.warnf("waiting for the database: %s", reason);
      case StartTrouble.Unforeseen(var cause) when say ->
          LOG.error("the database is there but could not be prepared; trying again", cause);
      case StartTrouble.Wait _, StartTrouble.Unforeseen _ -> {}
    }
  }

  /// Something about the database that this server must not start with, in words for the admin.
  private static final class Refusal extends Exception {
    Refusal(String message) {
      super(message);
    }
  }

  private void prepare() throws SQLException, Refusal, TokenKeyRegistry.WrongKeys {
    if (!directWay.leadsToTheSameDatabase()) {
      throw new Refusal("latchkey.database.direct_uri leads to another database than database");
    }
    var newer = migrations.newerThanKnown();
    if (!newer.isEmpty()) {
      throw new Refusal(
          "the database was migrated by a newer Latchkey ("
              + newer.getLast()
              + "); start that one");
    }
    boolean isBehind = !migrations.pending().isEmpty();
    if (isBehind && !options.migrate()) {
      throw new Refusal(
          "migrations are pending and --no-migrate is set; run `latchkey database migrate` first");
    }
    if (isBehind) {
      tokenKeys.requireFitting();
    }
    if (options.migrate()) {
      int count = migrations.migrate();
      if (count > 0) {
        LOG.infof("the database was brought up to date with %d migrations", count);
      }
    }
    tokenKeys.reconcile();
    signingKeys.reconcile();
    if (options.sync()) {
      syncClients();
      providerSync.sync(upstreamConfig.providers(), false, false);
    }
    usedGenerations.start();
    activity.start();
    if (options.worker()) {
      jobs.start();
    }
    state.becameReady();
    LOG.info("ready");
    monitor.start();
    changeListener.start();
  }

  private void syncClients() throws SQLException {
    for (var change : clients.sync(clientsConfig.clients(), false, false)) {
      if (change.act() == Act.ADDED || change.act() == Act.UPDATED) {
        changes.changed(change.client());
      }
    }
  }

  private void refuse(String reason) {
    stopping = true;
    LOG.errorf("cannot start: %s", reason);
    Quarkus.asyncExit(1);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
