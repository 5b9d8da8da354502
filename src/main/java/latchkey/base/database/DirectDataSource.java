package latchkey.base.database;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import latchkey.base.system.DatabaseClock;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/// A connection when one is asked for, without a pool: for migrations, for the watchman, and for
/// verbs that run beside the server.
public final class DirectDataSource implements DataSource {
  private final DatabaseConfig config;
  private final Properties overrides;

  public DirectDataSource(DatabaseConfig config) {
    this(config, new Properties());
  }

  private DirectDataSource(DatabaseConfig config, Properties overrides) {
    this.config = config;
    this.overrides = overrides;
  }

  /// One whose statements may take as long as they take.
  static DirectDataSource patient(DatabaseConfig config) {
    var forever = new Properties();
    forever.setProperty("socketTimeout", "0");
    return new DirectDataSource(config, forever);
  }

  /// One for a look: whoever does not answer soon counts as away.
  public static DirectDataSource hasty(DatabaseConfig config) {
    var soon = new Properties();
    for (var timeout : new String[] {"connectTimeout", "loginTimeout", "socketTimeout"}) {
      soon.setProperty(timeout, "10");
    }
    return new DirectDataSource(config, soon);
  }

  /// Tells the clock what time it is on the database; a short-lived verb asks once, where a server
  /// keeps asking.
  public void tellTime(DatabaseClock clock) throws SQLException {
    try (var connection = getConnection();
        var statement = connection.createStatement()) {
      var sent = clock.machineTime();
      try (var row = statement.executeQuery("select clock_timestamp()")) {
        row.next();
        clock.adjust(row.getTimestamp(1).toInstant(), sent, clock.machineTime());
      }
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    return connect(overrides);
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is part of the configuration");
  }

  /// @param overrides properties of the driver that are to be different for this connection
  Connection connect(Properties overrides) throws SQLException {
    var properties = new Properties();
    config.properties().forEach((name, value) -> properties.setProperty(name, value.reveal()));
    // Behind a pooler of transactions a named statement is another server's.
    properties.setProperty("prepareThreshold", "0");
    // What stands in the address wins over properties, and what stands there last wins over the
    // rest.
    var address = new StringBuilder(config.jdbcUrl());
    for (var name : overrides.stringPropertyNames()) {
      address.append(address.indexOf("?") < 0 ? '?' : '&').append(name).append('=');
      address.append(
          URLEncoder.encode(overrides.getProperty(name), StandardCharsets.UTF_8)
              .replace("+", "%20"));
    }
    var connection = new Driver().connect(address.toString(), properties);
    if (connection == null) {
      throw new SQLException("the database address cannot be used", "08001");
    }
    return connection;
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("the timeout is part of the configuration");
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("no such logger");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException("nothing is wrapped");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
