package latchkey.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
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
import latchkey.domain.client.ClientsConfig;
import latchkey.domain.lifecycle.ClientSyncRepository;
import latchkey.domain.lifecycle.ClientSyncRepository.Act;
import latchkey.domain.session.ActivityFlush;
import latchkey.domain.session.UsedGenerationsFlush;
import latchkey.domain.token.SigningKeyRegistry;
import latchkey.domain.token.TokenKeyRegistry;
import latchkey.domain.upstream.WatchProviders;
import org.jboss.logging.Logger;
import sun.misc.Signal;
import sun.misc.SignalHandler;

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
  private final ReadAgain readAgain;
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
  private final SyncProviders syncProviders;
  private final WatchProviders watchProviders;
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
      ReadAgain readAgain,
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
      SyncProviders syncProviders,
      WatchProviders watchProviders,
      JobRunner jobs,
      UsedGenerationsFlush usedGenerations,
      ActivityFlush activity,
      PasswordHasher hasher,
      Mailer mailer,
      MeterRegistry meters) {
    this.options = options;
    this.listeners = listeners;
    this.readAgain = readAgain;
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
    this.syncProviders = syncProviders;
    this.watchProviders = watchProviders;
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
    if (Signal.handle(new Signal("HUP"), _ -> readAgain.handle()) == SignalHandler.SIG_IGN) {
      LOG.warn("started by nohup or the like, so SIGHUP changes nothing: restart instead");
    }
    LOG.infof("passwords are hashed by %s", hasher.describe());
    mailer.probe();
    watchProviders.start();
    Thread.ofPlatform()
        .name("startup")
        .uncaughtExceptionHandler((_, e) -> refuse(e.toString()))
        .start(this::waitForDatabase);
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
    listeners.close();
    watchProviders.stop();
    syncProviders.stop();
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
    }
    syncProviders.prepare();
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
