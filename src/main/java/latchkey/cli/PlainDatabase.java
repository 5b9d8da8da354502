package latchkey.cli;

import javax.sql.DataSource;
import latchkey.base.database.DatabaseConfig;
import org.postgresql.ds.PGSimpleDataSource;

/// The database for verbs that run beside the server: a connection when one is needed, no pool, no
/// framework.
final class PlainDatabase {
  private PlainDatabase() {}

  static DataSource of(DatabaseConfig config) {
    var source = new PGSimpleDataSource();
    source.setUrl(config.jdbcUrl());
    source.setUser(config.username());
    if (!config.password().isEmpty()) {
      source.setPassword(config.password().reveal());
    }
    return source;
  }
}
