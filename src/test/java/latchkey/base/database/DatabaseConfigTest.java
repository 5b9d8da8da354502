package latchkey.base.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import latchkey.base.config.Section;
import latchkey.world.Certificates;
import latchkey.world.KeyEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseConfigTest {
  /// A machine without a server, a user without a file of passwords.
  private static final Map<String, String> NO_VARIABLES = Map.of("HOME", "/nowhere");

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
        "postgresql:///mas?user=bob&host=db                 | db:5432/mas             | bob   | ''",
        "postgresql://x/mas?user=bob&hostaddr=10.1.2.3      | 10.1.2.3:5432/mas       | bob   | ''",
        "postgresql://u@/mas?host=one,two&port=1,2          | one:1,two:2/mas         | u     | ''",
        "postgresql://u@one,two/mas?port=7                  | one:7,two:7/mas         | u     | ''",
        "postgresql://db?dbname=other&user=bob              | db:5432/other           | bob   | ''",
        "postgresql://a:b:c@[::1]:5/x                       | [::1]:5/x               | a     |"
            + " b:c",
        "postgresql://u@one:1,two:2/x                       | one:1,two:2/x           | u     | ''",
        "postgresql://u@db/a%20b                            | db:5432/a%20b           | u     | ''",
      })
  void a_connection_string_is_told_to_the_driver(
      String uri, String address, String user, String password) throws IOException {
    var database = DatabaseConfig.read(root("database: {uri: '" + uri + "'}"), NO_VARIABLES);

    assertThat(database.jdbcUrl())
        .isEqualTo("jdbc:postgresql://" + address + (password.isEmpty() ? "?password=" : ""));
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
    assertThat(database.direct().jdbcUrl()).contains("//db:5432/x");
    assertThat(option(database.direct(), "sslmode")).isEqualTo("require");
    assertThat(database.direct().username()).isEqualTo("v");
    assertThat(database.direct().password().reveal()).isEqualTo("q");
    var without = DatabaseConfig.read(root("database: {uri: 'postgresql://u@d/x'}"), NO_VARIABLES);
    assertThat(without.direct()).isSameAs(without);
  }

  @Test
  void options_of_the_string_win_over_variables_and_ssl_mode_wins_over_both() throws IOException {
    var variables = Map.of("PGSSLMODE", "disable", "PGSSLROOTCERT", "/ca.pem", "HOME", "/nowhere");

    var plain = DatabaseConfig.read(root("database: {uri: 'postgresql://u@d/x'}"), variables);
    var inUri =
        DatabaseConfig.read(
            root("database: {uri: 'postgresql://u@d/x?sslmode=require'}"), variables);
    var key =
        DatabaseConfig.read(
            root("database: {uri: 'postgresql://u@d/x?sslmode=require', ssl_mode: verify-full}"),
            variables);

    assertThat(option(plain, "sslmode")).isEqualTo("disable");
    assertThat(option(plain, "sslrootcert")).isEqualTo("/ca.pem");
    assertThat(option(inUri, "sslmode")).isEqualTo("require");
    assertThat(option(key, "sslmode")).isEqualTo("verify-full");
  }

  @Test
  void variables_of_libpq_fill_in_what_is_left_out() throws IOException {
    var variables =
        Map.of("PGHOST", "h", "PGPORT", "7", "PGUSER", "u", "PGPASSWORD", "p", "PGDATABASE", "d");

    var nothing = DatabaseConfig.read(root("{}"), variables);
    var some = DatabaseConfig.read(root("database: {host: mine, password: own}"), variables);

    assertThat(nothing.jdbcUrl()).isEqualTo("jdbc:postgresql://h:7/d");
    assertThat(nothing.password().reveal()).isEqualTo("p");
    assertThat(some.jdbcUrl()).isEqualTo("jdbc:postgresql://mine:7/d");
    assertThat(some.username()).isEqualTo("u");
    assertThat(some.password().reveal()).isEqualTo("own");
  }

  @Test
  void without_a_database_name_it_is_the_users() throws IOException {
    var database = DatabaseConfig.read(root("database: {username: carol, host: h}"), NO_VARIABLES);

    assertThat(database.jdbcUrl()).startsWith("jdbc:postgresql://h:5432/carol?");
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
      assertThat(database.jdbcUrl()).startsWith("jdbc:postgresql://localhost:7/x?");
      assertThat(option(database, "socketFactoryArg")).isEqualTo("/run/pg/.s.PGSQL.7");
      assertThat(option(database, "sslmode")).isEqualTo("disable");
    }
    var byVariable = DatabaseConfig.read(root("{}"), Map.of("PGHOST", "/run/pg"));
    assertThat(option(byVariable, "socketFactoryArg")).isEqualTo("/run/pg/.s.PGSQL.5432");
  }

  @Test
  void a_name_for_the_application_is_given_where_none_is_said() throws IOException {
    var split = DatabaseConfig.read(root("database: {host: h}"), NO_VARIABLES);
    var uri = DatabaseConfig.read(root("database: {uri: 'postgresql://h/'}"), NO_VARIABLES);
    var own = DatabaseConfig.read(root("database: {host: h}"), Map.of("PGAPPNAME", "own"));

    assertThat(option(split, "ApplicationName")).isEqualTo("matrix-authentication-service");
    assertThat(option(uri, "ApplicationName")).isEqualTo("latchkey");
    assertThat(option(own, "ApplicationName")).isEqualTo("own");
  }

  @Test
  void a_standby_is_passed_over_where_the_string_says_so() throws IOException {
    var uri = "postgresql://one,two/x?target_session_attrs=read-write&statement-cache-capacity=0";
    var root = root("database: {uri: '" + uri + "'}");

    var database = DatabaseConfig.read(root, NO_VARIABLES);

    assertThat(root.faults().warnings()).isEmpty();
    assertThat(option(database, "targetServerType")).isEqualTo("primary");
    assertThat(option(database, "preparedStatementCacheQueries")).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{uri: 'postgresql://h/?sslmode=on'}                       | uri             | one of disable, allow",
        "{uri: 'postgresql://h:1,i:2/?port=1,2,3'}                 | uri             | as many ports as hosts",
        "{uri: 'postgresql://h/?port=x'}                           | uri             | a postgresql:// URI",
        "{host: 'a/b'}                                             | host            | the name of a host",
        "{host: h, ssl_ca_file: /nowhere}                          | ssl_ca_file     | /nowhere cannot be read",
        "{host: h, ssl_ca: '-----BEGIN CERTIFICATE-----'}          | ssl_ca          | holds no PEM certificate",
        "{uri: 'postgresql://h/?sslcert=/nowhere&sslkey=/nowhere'} | uri             | /nowhere cannot be read",
        "{uri: 'postgresql://h/?sslcert=/nowhere'}                 | uri             | given together",
        "{host: h, ssl_certificate_file: $/c, ssl_key_file: $/k}   | ssl_key_file    | is encrypted, and there is no password for it; a uri may say sslpassword",
        "{host: h, ssl_certificate_file: $/c, ssl_key_file: $/x}   | ssl_key_file    | does not belong to the certificate",
        "{host: h, ssl_certificate_file: $/x, ssl_key_file: $/x}   | ssl_certificate_file | holds no PEM certificate",
      })
  void what_would_fail_with_the_first_connection_is_told_at_the_start(
      String yaml, String key, String problem) throws IOException {
    var pair = KeyEncoding.pair("secp256r1");
    Files.writeString(folder.resolve("c"), Certificates.selfSigned("c", pair));
    Files.write(
        folder.resolve("k"), KeyEncoding.ENCRYPTED_PKCS8_PEM.encode(pair.getPrivate(), "p"));
    Files.write(folder.resolve("x"), KeyEncoding.pair("secp256r1").getPrivate().getEncoded());
    var root = root("database: " + yaml.replace("$", folder.toString()));

    DatabaseConfig.read(root, NO_VARIABLES);

    assertThat(root.faults().errors())
        .anySatisfy(
            fault -> {
              assertThat(fault.path()).isEqualTo("database." + key);
              assertThat(fault.problem()).contains(problem);
            });
  }

  @Test
  void an_authority_nobody_looks_at_is_a_warning() throws IOException {
    Files.writeString(
        folder.resolve("c"), Certificates.selfSigned("c", KeyEncoding.pair("secp256r1")));
    for (var mode :
        List.of("", ", ssl_mode: allow", ", ssl_mode: require", ", ssl_mode: verify-ca")) {
      var root =
          root("database: {host: h, ssl_ca_file: '" + folder.resolve("c") + "'" + mode + "}");

      DatabaseConfig.read(root, NO_VARIABLES);

      boolean looked = mode.endsWith("require") || mode.endsWith("verify-ca");
      assertThat(root.faults().errors()).isEmpty();
      assertThat(root.faults().warnings()).hasSize(looked ? 0 : 1);
    }
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
        "database: {host: h, username: u, password: 'p$a $${s} ${x} \\w\\$ ', max_connections: 7, idle_timeout: null}";

    var values = DatasourceConfigSource.of(DatabaseConfig.read(root(text), NO_VARIABLES));

    assertThat(values)
        .containsEntry("quarkus.datasource.username", "u")
        .containsEntry("quarkus.datasource.jdbc.max-size", "7")
        .containsEntry("quarkus.datasource.jdbc.acquisition-timeout", "30S")
        .containsEntry("quarkus.datasource.jdbc.max-lifetime", "1800S")
        .containsEntry("quarkus.datasource.jdbc.idle-removal-interval", "0S");
    assertThat(values.get("quarkus.datasource.jdbc.url")).isEqualTo("jdbc:postgresql://h:5432/u");
    assertThat(values.get("quarkus.datasource.jdbc.new-connection-sql")).isEqualTo("UNLISTEN *");
    var config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(values, "of the test", 1))
            .build();
    assertThat(config.getValue("quarkus.datasource.password", String.class))
        .isEqualTo("p$a $${s} ${x} \\w\\$ ");
  }

  @Test
  void neither_password_nor_variables_are_printed() throws IOException {
    var database = DatabaseConfig.read(root("database: {password: geheim}"), NO_VARIABLES);

    assertThat(database.toString()).doesNotContain("geheim");
    assertThat(new Libpq(Map.of("PGPASSWORD", "geheim")).toString()).doesNotContain("geheim");
  }

  private static String option(DatabaseConfig database, String name) {
    return database.options().get(name).reveal();
  }

  private Section root(String text) throws IOException {
    var file = Files.writeString(folder.resolve("f.yaml"), text);
    return Configuration.load(List.of(file), Map.of()).root(true);
  }
}
