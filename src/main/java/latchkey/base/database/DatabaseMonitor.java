package latchkey.base.database;

import io.agroal.api.AgroalDataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import latchkey.base.system.DatabaseClock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Watches the database over a connection of its own: a ping a second says whether it is there and
/// what time it is on it, and [Hearing] learns from it whether changes are heard. The pool has
/// nothing to do with it, so a pool in use never looks like a database that is away.
@Singleton
public class DatabaseMonitor {
  private static final Logger LOG = Logger.getLogger(DatabaseMonitor.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int ANSWER_SECONDS = 3;

  /// The ping is a notification as well; a standby sends none.
  private static final String PING =
      """
      select clock_timestamp(), pg_is_in_recovery(),
             case when not pg_is_in_recovery() then pg_notify(?, ?)::text end
      """;

  private final DirectDataSource database;
  private final DatabaseState state;
  private final DatabaseClock clock;
  private final AgroalDataSource pool;
  private final Hearing hearing;
  private @Nullable Connection connection;
  private long answeredAt = System.nanoTime();
  private volatile boolean stopped;

  DatabaseMonitor(
      DatabaseConfig config,
      DatabaseState state,
      DatabaseClock clock,
      AgroalDataSource pool,
      Hearing hearing) {
    this.pool = pool;
    this.database = new DirectDataSource(config);
    this.state = state;
    this.clock = clock;
    this.hearing = hearing;
  }

  /// Watches from now on. Called once the schema is in order.
  public void start() {
    Thread.ofPlatform().daemon().name("database-monitor").start(this::watch);
  }

  public void stop() {
    stopped = true;
  }

  /// Asks once, on a fresh connection.
  ///
  /// @throws SQLException as the database said it
  public void probe() throws SQLException {
    close();
    ping();
  }

  private void watch() {
    while (!stopped) {
      try {
        ping();
        if (!state.isReady()) {
          // What the pool kept from before is dead, and nobody should find that out by a failed
          // request.
          pool.flush(AgroalDataSource.FlushMode.IDLE);
          state.becameReady();
          LOG.info("the database answers");
        }
      } catch (SQLException | RuntimeException e) {
        if (state.becameAway(answeredAt)) {
          LOG.warnf(
              "the database does not answer, going on with what is remembered: %s", e.getMessage());
        }
        close();
      }
      pause();
    }
    close();
  }

  private void ping() throws SQLException {
    var open = connection == null ? connect() : connection;
    connection = open;
    long sentAt = System.nanoTime();
    var sent = clock.machineTime();
    try (var statement = open.prepareStatement(PING)) {
      statement.setString(1, hearing.channel());
      statement.setString(2, Long.toString(hearing.send()));
      try (var row = statement.executeQuery()) {
        row.next();
        if (row.getBoolean(2)) {
          throw new SQLException("this server is a standby; it takes no writes", "25006");
        }
        hearing.taken();
        answeredAt = sentAt;
        clock.adjust(row.getTimestamp(1).toInstant(), sent, clock.machineTime());
      }
    }
  }

  private Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
    properties.setProperty("connectTimeout", Integer.toString(ANSWER_SECONDS));
    properties.setProperty("loginTimeout", Integer.toString(ANSWER_SECONDS));
    properties.setProperty("ApplicationName", "latchkey monitor");
    return database.connect(properties);
  }

  private void close() {
    var open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.debugf("closing a dead connection: %s", e.getMessage());
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
