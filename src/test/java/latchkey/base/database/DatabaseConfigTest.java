package latchkey.base.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import latchkey.base.config.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseConfigTest {
  private static final Map<String, String> NO_VARIABLES = Map.of();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://alice:s%40p+x@db.example.com:5433/mas | db.example.com:5433/mas | alice |"
            + " s@p+x",
        "postgres://alice@db/mas                            | db:5432/mas             | alice | ''",
        "postgresql:///mas?user=bob                         | localhost:5432/mas      | bob   | ''",
        "postgresql://db?dbname=other&user=bob              | db:5432/other           | bob   | ''",
        "postgresql://a:b:c@[::1]:5/x                       | [::1]:5/x               | a     |"
            + " b:c",
        "postgresql://u@one:1,two:2/x                       | one:1,two:2/x           | u     | ''",
        "postgresql://u@db/a%20b                            | db:5432/a%20b           | u     | ''",
      })
  void a_connection_string_is_told_to_the_driver(
      String uri, String address, String user, String password) throws IOException {
    var database = DatabaseConfig.read(root("database: {uri: '" + uri + "'}"), NO_VARIABLES);

    assertThat(database.jdbcUrl()).startsWith("jdbc:postgresql://" + address + "?");
    assertThat(database.username()).isEqualTo(user);
    assertThat(database.password().reveal()).isEqualTo(password);
    assertThat(database.jdbcUrl()).doesNotContain("s@p", "b:c");
  }

  @Test
  void the_way_past_a_pooler_has_its_own_address_and_the_tls_of_the_section() throws IOException {
    var database =
        DatabaseConfig.read(
            root(
                """
                database: {uri: 'postgresql://u:p@pooler:6432/x', ssl_mode: require}
                latchkey: {database: {direct_uri: 'postgresql://v:q@db/x'}}
                """),
            NO_VARIABLES);

    assertThat(database.jdbcUrl()).contains("//pooler:6432/x");
    assertThat(database.direct().jdbcUrl()).contains("//db:5432/x", "sslmode=require");
    assertThat(database.direct().username()).isEqualTo("v");
    assertThat(database.direct().password().reveal()).isEqualTo("q");
    var without = DatabaseConfig.read(root("database: {uri: 'postgresql://u@d/x'}"), NO_VARIABLES);
    assertThat(without.direct()).isSameAs(without);
  }

  @Test
  void options_of_the_string_win_over_variables_and_ssl_mode_wins_over_both() throws IOException {
    var variables = Map.of("PGSSLMODE", "disable", "PGSSLROOTCERT", "/ca.pem");

    var plain = DatabaseConfig.read(root("database: {uri: 'postgresql://u@d/x'}"), variables);
    var inUri =
        DatabaseConfig.read(
            root("database: {uri: 'postgresql://u@d/x?sslmode=require'}"), variables);
    var key =
        DatabaseConfig.read(
            root("database: {uri: 'postgresql://u@d/x?sslmode=require', ssl_mode: verify-full}"),
            variables);

    assertThat(plain.jdbcUrl()).contains("sslmode=disable", "sslrootcert=%2Fca.pem");
    assertThat(inUri.jdbcUrl()).contains("sslmode=require");
    assertThat(key.jdbcUrl()).contains("sslmode=verify-full").doesNotContain("sslmode=require");
  }

  @Test
  void variables_of_libpq_fill_in_what_is_left_out() throws IOException {
    var variables =
        Map.of("PGHOST", "h", "PGPORT", "7", "PGUSER", "u", "PGPASSWORD", "p", "PGDATABASE", "d");

    var nothing = DatabaseConfig.read(root("{}"), variables);
    var some = DatabaseConfig.read(root("database: {host: mine, password: own}"), variables);

    assertThat(nothing.jdbcUrl()).startsWith("jdbc:postgresql://h:7/d?");
    assertThat(nothing.password().reveal()).isEqualTo("p");
    assertThat(some.jdbcUrl()).startsWith("jdbc:postgresql://mine:7/d?");
    assertThat(some.username()).isEqualTo("u");
    assertThat(some.password().reveal()).isEqualTo("own");
  }

  @Test
  void without_a_database_name_it_is_the_users() throws IOException {
    var database = DatabaseConfig.read(root("database: {username: carol}"), NO_VARIABLES);

    assertThat(database.jdbcUrl()).startsWith("jdbc:postgresql://localhost:5432/carol?");
  }

  @Test
  void a_directory_as_host_is_a_unix_socket() throws IOException {
    for (var root :
        List.of(
            root("database: {uri: 'postgresql:///x?host=/run/pg&port=7'}"),
            root("database: {socket: /run/pg, port: 7, database: x}"),
            root("database: {uri: 'postgresql://%2Frun%2Fpg:7/x'}"))) {
      var database = DatabaseConfig.read(root, NO_VARIABLES);

      assertThat(root.faults().errors()).isEmpty();
      assertThat(database.jdbcUrl())
          .startsWith("jdbc:postgresql://localhost:7/x?")
          .contains("socketFactoryArg=%2Frun%2Fpg%2F.s.PGSQL.7", "sslmode=disable");
    }
    var byVariable = DatabaseConfig.read(root("{}"), Map.of("PGHOST", "/run/pg"));
    assertThat(byVariable.jdbcUrl()).contains("socketFactoryArg=%2Frun%2Fpg%2F.s.PGSQL.5432");
  }

  @Test
  void the_idle_timeout_is_ten_minutes_unless_it_is_expressly_null() throws IOException {
    var absent = DatabaseConfig.read(root("database: {max_connections: 3}"), NO_VARIABLES);
    var never = DatabaseConfig.read(root("database: {idle_timeout: null}"), NO_VARIABLES);

    assertThat(absent.idleTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(absent.maxConnections()).isEqualTo(3);
    assertThat(never.idleTimeout()).isZero();
  }

  @Test
  void quarkus_gets_its_data_source_out_of_the_section() throws IOException {
    var text =
        "database: {host: h, username: u, password: p, max_connections: 7, idle_timeout: null}";

    var values = DatasourceConfigSource.of(DatabaseConfig.read(root(text), NO_VARIABLES));

    assertThat(values)
        .containsEntry("quarkus.datasource.username", "u")
        .containsEntry("quarkus.datasource.password", "p")
        .containsEntry("quarkus.datasource.jdbc.max-size", "7")
        .containsEntry("quarkus.datasource.jdbc.acquisition-timeout", "30S")
        .containsEntry("quarkus.datasource.jdbc.max-lifetime", "1800S")
        .containsEntry("quarkus.datasource.jdbc.idle-removal-interval", "0S");
    assertThat(values.get("quarkus.datasource.jdbc.url")).startsWith("jdbc:postgresql://h:5432/u?");
  }

  @Test
  void neither_password_nor_variables_are_printed() throws IOException {
    var database = DatabaseConfig.read(root("database: {password: geheim}"), NO_VARIABLES);

    assertThat(database.toString()).doesNotContain("geheim");
    assertThat(new Libpq(Map.of("PGPASSWORD", "geheim")).toString()).doesNotContain("geheim");
  }

  private Section root(String text) throws IOException {
    var file = Files.writeString(folder.resolve("f.yaml"), text);
    return Configuration.load(List.of(file), Map.of()).root(true);
  }
}
