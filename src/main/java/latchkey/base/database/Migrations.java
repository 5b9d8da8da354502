package latchkey.base.database;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/// The schema of the database against the one this release knows (`migrations/`). Every call opens
/// its own connection and closes it, so it may be asked again and again while the database is away.
public final class Migrations {
  private static final List<MigrationState> NEWER =
      List.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED);

  private static final String SCHEMA = "latchkey";

  private final Flyway flyway;

  public Migrations(DatabaseConfig database) {
    this.flyway =
        Flyway.configure(Migrations.class.getClassLoader())
            .dataSource(new DirectDataSource(database))
            .locations("classpath:migrations")
            // Beside the tables of the service we replace; the history of migrations stands there
            // too.
            .defaultSchema(SCHEMA)
            .createSchemas(true)
            // What a newer release left behind is judged by newerThanKnown, not by validation.
            .ignoreMigrationPatterns("*:future")
            // A lock of the session, not of a transaction, which would keep indexes from being
            // built concurrently.
            .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
            .load();
  }

  /// Runs what is pending, one process at a time, and says how many that were.
  ///
  /// @throws org.flywaydb.core.api.FlywayException if the database cannot be reached or a migration
  ///   fails
  public int migrate() {
    return flyway.migrate().migrationsExecuted;
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
