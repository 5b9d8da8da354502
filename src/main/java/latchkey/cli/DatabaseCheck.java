package latchkey.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.DirectDataSource;
import latchkey.base.database.Migrations;

/// Looks at a database and says, in words for the admin, what would keep a server from using it.
/// Changes nothing.
final class DatabaseCheck {
  private static final int OLDEST = 130000;

  private final DatabaseConfig config;
  private final List<String> errors = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  private DatabaseCheck(DatabaseConfig config) {
    this.config = config;
  }

  static DatabaseCheck of(DatabaseConfig config) {
    var check = new DatabaseCheck(config);
    try (var connection = DirectDataSource.hasty(config).getConnection()) {
      check.lookAt(connection);
    } catch (SQLException e) {
      check.errors.add(words(e));
    }
    return check;
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  /// What is worth knowing and keeps nobody from starting.
  List<String> remarks() {
    return List.copyOf(remarks);
  }

  private void lookAt(Connection connection) throws SQLException {
    var sql =
        """
        select version() as version, current_setting('server_version_num')::int as number,
               pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as read_only,
               has_database_privilege(current_database(), 'create')
                 or exists (select from pg_namespace where nspname = 'latchkey') as has_schema
        """;
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      var version = row.getString("version");
      if (!version.startsWith("PostgreSQL ")) {
        errors.add("this is no PostgreSQL but " + version);
      } else if (row.getInt("number") < OLDEST) {
        errors.add("PostgreSQL 13 or later is needed; this is " + version);
      } else if (row.getBoolean("standby")) {
        errors.add("this is a read-only standby; name the primary");
      } else if (row.getBoolean("read_only")) {
        errors.add("connections are read-only here (default_transaction_read_only)");
      } else if (!row.getBoolean("has_schema")) {
        errors.add(
            "the schema latchkey is not there, and this user may not create it: grant create on the"
                + " database");
      } else {
        lookAtSchema();
      }
    }
  }

  private void lookAtSchema() {
    var migrations = new Migrations(config);
    var newer = migrations.newerThanKnown();
    if (!newer.isEmpty()) {
      errors.add("a newer release has been at this database: " + String.join(", ", newer));
    } else if (!migrations.pending().isEmpty()) {
      remarks.add(
          "migrations are pending, and run at the next start of a server or by `latchkey database"
              + " migrate`: "
              + String.join(", ", migrations.pending()));
    }
  }

  private static String words(SQLException e) {
    var state = e.getSQLState() == null ? "" : e.getSQLState();
    var cause =
        switch (state.isEmpty() ? "" : state.substring(0, 2)) {
          case "28" -> "it refuses these credentials: ";
          case "3D" -> "there is no such database: ";
          case "08" ->
              state.equals("08P01")
                  ? "what answers there does not speak as a PostgreSQL does: "
                  : "it cannot be reached: ";
          default -> "";
        };
    return cause + e.getMessage();
  }
}
