package latchkey.base.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import latchkey.base.config.Section;
import latchkey.world.TlsPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// A real database that can do TLS, a folder for files, and who came in there.
abstract class DatabaseScene {
  static TlsPostgres tls;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @BeforeAll
  static void start() throws IOException {
    tls = new TlsPostgres();
  }

  @AfterAll
  static void stop() throws IOException {
    tls.close();
  }

  /// What came of an attempt.
  record Connected(
      boolean encrypted, String certificate, String user, String database, String application) {}

  Connected connect(String yaml, Map<String, String> variables) throws IOException, SQLException {
    return asked(new DirectDataSource(read(yaml, variables)));
  }

  static Connected asked(DirectDataSource database) throws SQLException {
    var sql =
        """
        select coalesce(ssl, false), client_dn, current_user, current_database(), application_name
          from pg_stat_activity left join pg_stat_ssl using (pid) where pid = pg_backend_pid()
        """;
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return new Connected(
          row.getBoolean(1),
          row.getString(2),
          row.getString(3),
          row.getString(4),
          row.getString(5));
    }
  }

  String refusal(String yaml, Map<String, String> variables) throws IOException {
    return refusal(new DirectDataSource(read(yaml, variables)));
  }

  static String refusal(DirectDataSource database) {
    try {
      database.getConnection().close();
      throw new AssertionError("was let in");
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  DatabaseConfig read(String yaml, Map<String, String> variables) throws IOException {
    var root = root(yaml);
    var everything = new HashMap<>(variables);
    // Whatever the user who runs this test has in their own.
    everything.putIfAbsent("HOME", "/nowhere");
    var database = DatabaseConfig.read(root, everything);
    assertThat(root.faults().errors()).isEmpty();
    assertThat(database.toString()).doesNotContain("BEGIN", TlsPostgres.PASSWORD);
    return database;
  }

  Section root(String yaml) throws IOException {
    var file = Files.writeString(folder.resolve("f.yaml"), yaml);
    return Configuration.load(List.of(file), Map.of()).root(true);
  }

  Path pem(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name + ".pem"), text, StandardCharsets.US_ASCII);
  }
}
