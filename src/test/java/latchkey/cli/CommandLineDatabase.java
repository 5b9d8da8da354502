package latchkey.cli;

import javax.sql.DataSource;
import latchkey.TestDatabase;

/// The configuration of a verb that works on a test's database.
final class CommandLineDatabase {
  private CommandLineDatabase() {}

  static String yaml(DataSource database, int homeserverPort) {
    return """
    database: {uri: '%s'}
    matrix: {homeserver: example.com, secret: geheim, endpoint: 'http://127.0.0.1:%d/'}
    """
        .formatted(TestDatabase.uri(database), homeserverPort);
  }
}
