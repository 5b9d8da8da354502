package latchkey.base.database;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Listens for changes, on a connection of its own that goes past a transaction pooler. While it
/// does not hear, nothing that was read before is trusted, and every answer asks the database.
@Singleton
public class ChangeListener {
  private static final Logger LOG = Logger.getLogger(ChangeListener.class);
  private static final String CHANNEL = "latchkey_changes";
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int ANSWER_SECONDS = 5;

  private static final Duration LOOK = Duration.ofMillis(200);

  /// A connection on which pings do not come back is given up after this.
  private static final Duration SILENCE = Duration.ofSeconds(3);

  /// At the start nothing is said for so long.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String SILENT =
      "notifications do not come back; past a transaction pooler leads"
          + " latchkey.database.direct_uri";

  private final DirectDataSource database;
  private final Changes changes;
  private final Hearing hearing;
  private final ChangeMetrics metrics;
  private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();

  /// Why nothing is heard, as last seen; a new try alone does not make it untrue.
  private volatile String trouble = "not connected yet";

  private volatile boolean silent;
  private volatile boolean stopped;

  ChangeListener(DatabaseConfig config, Changes changes, Hearing hearing, ChangeMetrics metrics) {
    this.database = new DirectDataSource(config.direct());
    this.changes = changes;
    this.hearing = hearing;
    this.metrics = metrics;
  }

  /// Listens from now on. Called once the schema is in order.
  public void start() {
    Thread.ofPlatform().daemon().name("change-listener").start(this::keepListening);
    Thread.ofPlatform().daemon().name("change-listener-watch").start(this::watch);
  }

  public void stop() {
    stopped = true;
    drop();
  }

  private void keepListening() {
    var pause = WAIT;
    while (!stopped) {
      try {
        listen(open());
      } catch (SQLException | RuntimeException e) {
        trouble = silent ? SILENT : String.valueOf(e.getMessage());
      }
      // Where one can listen and nothing ever comes back, trying hard does not help. A connection
      // that was cut off before the first ping says nothing of that kind.
      boolean deaf = silent && hearing.age().isEmpty();
      pause = deaf ? longer(pause) : WAIT;
      hearing.nothing();
      drop();
      sleep(pause);
    }
  }

  private static Duration longer(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private Connection open() throws SQLException {
    silent = false;
    var open = connect();
    // The pings of the time without a connection are no silence of this one.
    hearing.nothing();
    connection.set(open);
    try (var statement = open.createStatement()) {
      statement.execute("listen " + CHANNEL);
      statement.execute("listen " + hearing.channel());
    }
    changes.listening();
    return open;
  }

  private void listen(Connection open) throws SQLException {
    var source = open.unwrap(PGConnection.class);
    while (!stopped) {
      for (var notification : source.getNotifications((int) WAIT.toMillis())) {
        take(notification);
      }
    }
  }

  private Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("ApplicationName", "latchkey listener");
    properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
    properties.setProperty("connectTimeout", Integer.toString(ANSWER_SECONDS));
    return database.connect(properties);
  }

  private void take(PGNotification notification) {
    var text = notification.getParameter();
    if (notification.getName().equals(hearing.channel())) {
      hearing.heard(Long.parseLong(text));
    } else {
      metrics.notification();
      changed(text);
    }
  }

  /// A list of ids, each with a comma behind it. Anybody may send on the channel, and what cannot
  /// be understood may mean anything.
  private void changed(String ids) {
    try {
      for (int from = 0; from < ids.length(); ) {
        int comma = ids.indexOf(',', from);
        changes.changed(UUID.fromString(ids.substring(from, comma < 0 ? ids.length() : comma)));
        from = comma < 0 ? ids.length() : comma + 1;
      }
    } catch (IllegalArgumentException e) {
      changes.everythingChanged();
    }
  }

  /// Gives up a connection that has gone silent, which is no error to the driver, and says in a
  /// line when hearing begins and ends.
  private void watch() {
    long quietSince = System.nanoTime();
    Boolean told = null;
    while (!stopped) {
      sleep(LOOK);
      if (connection.get() != null && hearing.silence().compareTo(SILENCE) > 0) {
        silent = true;
        trouble = SILENT;
        drop();
      }
      boolean good = hearing.isGood();
      long now = System.nanoTime();
      if (good) {
        quietSince = now;
        trouble = "no ping came back in time";
      }
      boolean starting = told == null && now - quietSince < PATIENCE.toNanos();
      if (!stopped && !Boolean.valueOf(good).equals(told) && (good || !starting)) {
        tell(good);
        told = good;
      }
    }
  }

  private void tell(boolean good) {
    if (good) {
      LOG.info("hears of every change in the database");
    } else {
      LOG.warnf("does not hear of changes, every answer asks the database: %s", trouble);
    }
  }

  /// Without a word to the server: it may be there no more, and a reader may be stuck in a message.
  private void drop() {
    var open = connection.getAndSet(null);
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debugf("dropping a connection: %s", e.getMessage());
      }
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
