package latchkey;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.Migrations;
import org.postgresql.ds.PGSimpleDataSource;

/// Databases for tests that need no application: one PostgreSQL for all of them, a fresh and
/// migrated database for each that asks.
public final class TestDatabase {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private TestDatabase() {}

  /// A database nobody else uses, with the schema in it.
  public static DataSource fresh() {
    var database = empty();
    new Migrations(configuration(database, "postgres")).migrate();
    return database;
  }

  /// A database nobody else uses, with nothing in it.
  public static DataSource empty() {
    var name = "test" + COUNT.incrementAndGet();
    execute(Server.POSTGRES.getPostgresDatabase(), "create database " + name);
    return Server.POSTGRES.getDatabase("postgres", name);
  }

  /// How `database.uri` names one of them.
  public static String uri(DataSource database) {
    return configuration(database, "postgres")
        .jdbcUrl()
        .replace("jdbc:postgresql://", "postgresql://postgres:postgres@");
  }

  /// How a configuration names one of them.
  public static DatabaseConfig configuration(DataSource database, String user) {
    try {
      var real = database.unwrap(PGSimpleDataSource.class);
      var url =
          "jdbc:postgresql://127.0.0.1:%d/%s"
              .formatted(real.getPortNumbers()[0], real.getDatabaseName());
      return configuration(url, user);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public static DatabaseConfig configuration(String jdbcUrl, String user) {
    var soon = Duration.ofSeconds(5);
    return new DatabaseConfig(
        jdbcUrl, user, Secret.of("postgres"), Map.of(), 1, 0, soon, soon, soon, null);
  }

  /// The server itself, which speaks no TLS.
  public static EmbeddedPostgres server() {
    return Server.POSTGRES;
  }

  public static void execute(DataSource database, String sql) {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The one number a query answers with.
  public static long number(DataSource database, String sql) {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Started by the first test that asks; ends with the process.
  private static final class Server {
    private static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
