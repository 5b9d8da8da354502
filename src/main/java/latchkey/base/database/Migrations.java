package latchkey.base.database;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/// The schema of the database against the one this release knows (`migrations/`). Every call opens
/// its own connection and closes it, so it may be asked again and again while the database is away.
public final class Migrations {
  private static final List<MigrationState> NEWER =
      List.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED);

  private static final String SCHEMA = "latchkey";

  private final DirectDataSource database;
  private final Flyway flyway;

  /// Goes past a transaction pooler, where the way is known.
  public Migrations(DatabaseConfig config) {
    this.database = DirectDataSource.patient(config.direct());
    this.flyway = flyway(false);
  }

  /// @param pooled whether the lock that keeps others out may not be one of the session, which a
  ///   pooler would leave to a stranger. One of a transaction keeps indexes from being built
  ///   concurrently
  private Flyway flyway(boolean pooled) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(database)
        .locations("classpath:migrations")
        // Beside the tables of the service we replace; the history of migrations stands there too.
        .defaultSchema(SCHEMA)
        .createSchemas(true)
        // What a newer release left behind is judged by newerThanKnown, not by validation.
        .ignoreMigrationPatterns("*:future")
        .configuration(Map.of("flyway.postgresql.transactional.lock", Boolean.toString(pooled)))
        .load();
  }

  private boolean isPooled() {
    try (var connection = database.getConnection()) {
      return Pooler.isBehind(connection);
    } catch (SQLException e) {
      throw new FlywayException("the database does not answer", e);
    }
  }

  /// Runs what is pending, one process at a time, and says how many that were.
  ///
  /// @throws FlywayException if the database cannot be reached or a migration fails
  public int migrate() {
    return (isPooled() ? flyway(true) : flyway).migrate().migrationsExecuted;
  }

  /// The migrations this release has and the database lacks.
  public List<String> pending() {
    return names(flyway.info().pending());
  }

  /// The migrations the database has and this release does not know: another, newer release ran on
  /// it.
  public List<String> newerThanKnown() {
    var newer = Arrays.stream(flyway.info().all()).filter(info -> NEWER.contains(info.getState()));
    return names(newer.toArray(MigrationInfo[]::new));
  }

  private static List<String> names(MigrationInfo[] migrations) {
    return Arrays.stream(migrations)
        .map(info -> "V" + info.getVersion() + " " + info.getDescription())
        .toList();
  }
}
