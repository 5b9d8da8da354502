package latchkey.base.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import latchkey.TestDatabase;
import latchkey.base.config.Configuration;
import latchkey.base.config.Section;
import latchkey.world.Certificates.Authority;
import latchkey.world.KeyEncoding;
import latchkey.world.TlsPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Every way to a database, tried against a real one.
@Tag("slow")
class DatabaseConnectionTest {
  private static final Map<String, KeyPair> PAIRS = new HashMap<>();
  private static TlsPostgres tls;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // mode     | no TLS  | TLS       | other authority | other name | TLS only  | no TLS only
        "disable    | plain   | plain     | plain           | plain      | refused   | plain",
        "allow      | plain   | plain     | plain           | plain      | encrypted | plain",
        "prefer     | plain   | encrypted | encrypted       | encrypted  | encrypted | plain",
        "require    | refused | encrypted | refused         | encrypted  | encrypted | refused",
        "verify-ca  | refused | encrypted | refused         | encrypted  | encrypted | refused",
        "verify-full| refused | encrypted | refused         | refused    | encrypted | refused",
      })
  void an_ssl_mode_does_as_libpq_does(
      String mode,
      String noTls,
      String withTls,
      String otherAuthority,
      String otherName,
      String tlsOnly,
      String plainOnly)
      throws IOException {
    int port = tls.server().getPort();
    var authority = pem("authority", tls.authority().certificate());
    var other = pem("other", Authority.called("somebody else").certificate());

    assertThat(attempt(mode, "localhost", TestDatabase.server().getPort(), "postgres", authority))
        .as("a server without TLS")
        .isEqualTo(noTls);
    assertThat(attempt(mode, "localhost", port, "postgres", authority)).isEqualTo(withTls);
    assertThat(attempt(mode, "localhost", port, "postgres", other)).isEqualTo(otherAuthority);
    assertThat(attempt(mode, "127.0.0.1", port, "postgres", authority)).isEqualTo(otherName);
    assertThat(attempt(mode, "localhost", port, TlsPostgres.TLS_ONLY, authority))
        .isEqualTo(tlsOnly);
    assertThat(attempt(mode, "localhost", port, TlsPostgres.PLAIN_ONLY, authority))
        .isEqualTo(plainOnly);
  }

  private String attempt(String mode, String host, int port, String user, Path authority)
      throws IOException {
    var yaml =
        "database: {host: %s, port: %d, username: %s, database: postgres, ssl_mode: %s, ssl_ca_file: '%s'}"
            .formatted(host, port, user, mode, authority);
    try {
      return connect(yaml, Map.of()).encrypted() ? "encrypted" : "plain";
    } catch (SQLException e) {
      assertThat(e.getMessage()).doesNotContain("could not be instantiated");
      return "refused";
    }
  }

  @Test
  void without_an_authority_require_takes_any_certificate_and_verify_ca_those_of_the_runtime()
      throws Exception {
    var uri = "postgresql://postgres@localhost:" + tls.server().getPort() + "/postgres?sslmode=";

    assertThat(connect("database: {uri: '" + uri + "require'}", Map.of()).encrypted()).isTrue();
    assertThat(refusal("database: {uri: '" + uri + "verify-ca'}", Map.of()))
        .contains("SSL error", "unable to find valid certification path");
  }

  @Test
  void the_ssl_keys_apply_on_top_of_a_uri_and_its_options_in_every_spelling() throws Exception {
    var authority = pem("authority", tls.authority().certificate());
    var other = pem("other", Authority.called("somebody else").certificate());
    var uri = "postgresql://postgres@localhost:" + tls.server().getPort() + "/postgres";

    assertThat(
            connect(
                    "database: {uri: '%s?sslmode=disable&sslrootcert=%s', ssl_mode: verify-full, ssl_ca_file: '%s'}"
                        .formatted(uri, other, authority),
                    Map.of())
                .encrypted())
        .isTrue();
    assertThat(
            connect(
                    "database: {uri: '%s?ssl-mode=VERIFY-FULL&ssl-ca=%s'}"
                        .formatted(uri, authority),
                    Map.of())
                .encrypted())
        .isTrue();
    assertThat(
            refusal(
                "database: {uri: '%s?sslmode=verify-full&ssl-root-cert=%s'}".formatted(uri, other),
                Map.of()))
        .contains("SSL error");
  }

  @ParameterizedTest
  @EnumSource(KeyEncoding.class)
  void a_client_shows_its_certificate_with_a_key_in_any_encoding(KeyEncoding how) throws Exception {
    for (var type : List.of("RSA", "secp256r1", "secp384r1")) {
      var pair = PAIRS.computeIfAbsent(type, KeyEncoding::pair);
      var certificate = pem("client", tls.authority().certify(TlsPostgres.CERTIFIED, pair));
      var key = Files.write(folder.resolve("key"), how.encode(pair.getPrivate(), "gehéim"));
      var password = how.isEncrypted() ? "&sslpassword=geh%C3%A9im" : "";
      var yaml =
          "database: {uri: 'postgresql://certified@localhost:%d/postgres?sslmode=require%s', ssl_certificate_file: '%s', ssl_key_file: '%s'}"
              .formatted(tls.server().getPort(), password, certificate, key);

      var connected = connect(yaml, Map.of());

      assertThat(connected.certificate()).as(type).isEqualTo("/CN=certified");
      assertThat(connected.user()).isEqualTo("certified");
    }
  }

  @Test
  void everything_of_tls_may_be_given_inline() throws Exception {
    var pair = KeyEncoding.pair("secp256r1");
    var yaml =
        """
        database:
          host: localhost
          port: %d
          username: guarded
          password: %s
          database: postgres
          ssl_mode: verify-full
          ssl_ca: |
        %s
          ssl_certificate: |
        %s
          ssl_key: |
        %s
        """
            .formatted(
                tls.server().getPort(),
                "'" + TlsPostgres.PASSWORD.replace("'", "''") + "'",
                tls.authority().certificate().indent(4).stripTrailing(),
                tls.authority().certify("guarded", pair).indent(4).stripTrailing(),
                KeyEncoding.TRADITIONAL_PEM.text(pair.getPrivate(), "").indent(4).stripTrailing());

    var connected = connect(yaml, Map.of());

    assertThat(connected)
        .isEqualTo(
            new Connected(
                true, "/CN=guarded", "guarded", "postgres", "matrix-authentication-service"));
  }

  @Test
  void a_renewed_certificate_is_shown_by_the_next_connection_and_a_broken_one_is_told()
      throws Exception {
    var pair = KeyEncoding.pair("secp256r1");
    var certificate = pem("client", tls.authority().certify("somebody", pair));
    var key =
        Files.write(folder.resolve("key"), KeyEncoding.PKCS8_PEM.encode(pair.getPrivate(), ""));
    var database =
        new DirectDataSource(
            read(
                "database: {uri: 'postgresql://certified@localhost:%d/postgres?sslmode=require', ssl_certificate_file: '%s', ssl_key_file: '%s'}"
                    .formatted(tls.server().getPort(), certificate, key),
                Map.of()));

    assertThat(refusal(database)).contains("certificate authentication failed");
    Files.writeString(certificate, tls.authority().certify("certified", pair));
    database.getConnection().close();
    Files.writeString(key, "nonsense");
    assertThat(refusal(database))
        .isEqualTo("SSL error: the client's key is neither PEM nor DER of a private key");
  }

  @Test
  void a_unix_socket_is_named_by_the_key_the_uri_or_the_variable() throws Exception {
    var socket = tls.socketFolder();
    int port = tls.server().getPort();

    for (var yaml :
        List.of(
            "database: {socket: '%s', port: %d, username: certified, database: postgres}",
            "database: {uri: 'postgresql:///postgres?host=%s&port=%d&user=certified'}",
            "database: {uri: 'postgresql://certified@%s:%d/postgres', ssl_mode: prefer}")) {
      var host = yaml.contains("@") ? socket.toString().replace("/", "%2F") : socket.toString();

      var connected = connect(yaml.formatted(host, port), Map.of());

      assertThat(connected.user()).isEqualTo("certified");
      assertThat(connected.encrypted()).isFalse();
    }
    var variables =
        Map.of(
            "PGHOST",
            socket.toString(),
            "PGPORT",
            "" + port,
            "PGUSER",
            "certified",
            "PGDATABASE",
            "postgres");
    assertThat(connect("{}", variables).user()).isEqualTo("certified");
  }

  @Test
  void without_a_host_the_socket_of_this_machine_is_used_if_there_is_one() throws Exception {
    var variables =
        Map.of(
            "PGPORT", "" + tls.server().getPort(), "PGUSER", "certified", "PGDATABASE", "postgres");
    var nowhere = folder.resolve("nowhere");

    var there = new Libpq(variables, List.of(nowhere, tls.socketFolder()));
    var nothing = new Libpq(variables, List.of(nowhere));

    assertThat(asked(new DirectDataSource(DatabaseConfig.read(root("{}"), there))).user())
        .isEqualTo("certified");
    assertThat(DatabaseConfig.read(root("{}"), nothing).jdbcUrl())
        .startsWith("jdbc:postgresql://localhost:");
  }

  @Test
  void every_variable_of_libpq_is_heard() throws Exception {
    var pair = PAIRS.computeIfAbsent("RSA", KeyEncoding::pair);
    tls.sql("create database \"another one\"");
    var variables = new HashMap<String, String>();
    variables.put("PGHOST", "localhost");
    variables.put("PGPORT", "" + tls.server().getPort());
    variables.put("PGUSER", "guarded");
    variables.put("PGPASSWORD", TlsPostgres.PASSWORD);
    variables.put("PGDATABASE", "another one");
    variables.put("PGSSLMODE", "verify-full");
    variables.put("PGSSLROOTCERT", pem("authority", tls.authority().certificate()).toString());
    variables.put("PGSSLCERT", pem("client", tls.authority().certify("guarded", pair)).toString());
    variables.put("PGSSLKEY", KeyEncoding.PKCS8_PEM.text(pair.getPrivate(), ""));
    variables.put("PGAPPNAME", "my name & mine");
    variables.put("PGOPTIONS", "-c statement_timeout=12345 -c work_mem=5MB");

    for (var yaml :
        List.of("{}", "database: {uri: 'postgresql://'}", "database: {max_connections: 3}")) {
      var database = new DirectDataSource(read(yaml, variables));

      assertThat(asked(database))
          .isEqualTo(
              new Connected(true, "/CN=guarded", "guarded", "another one", "my name & mine"));
      assertThat(show(database, "statement_timeout")).isEqualTo("12345ms");
      assertThat(show(database, "work_mem")).isEqualTo("5MB");
    }
    var more =
        new DirectDataSource(
            read(
                "database: {uri: 'postgresql:///?options[work_mem]=6MB&application_name=x'}",
                variables));
    assertThat(asked(more).application()).isEqualTo("x");
    assertThat(show(more, "work_mem")).isEqualTo("6MB");
    assertThat(show(more, "statement_timeout")).isEqualTo("12345ms");
  }

  @Test
  void the_file_of_passwords_is_asked_when_nothing_else_says_one() throws Exception {
    var pair = KeyEncoding.pair("secp256r1");
    var escaped = TlsPostgres.PASSWORD.replace("\\", "\\\\").replace(":", "\\:");
    Files.writeString(
        folder.resolve(".pgpass"),
        """
        # localhost:*:*:*:comment
        elsewhere:*:*:*:wrong
        localhost:1:*:*:wrong
        localhost:*:postgres:guarded:%s
        *:*:*:*:last
        """
            .formatted(escaped));
    var yaml =
        "database: {uri: 'postgresql://guarded@localhost:%d/postgres?sslmode=require', ssl_certificate_file: '%s', ssl_key_file: '%s'}"
            .formatted(
                tls.server().getPort(),
                pem("client", tls.authority().certify("guarded", pair)),
                pem("key", KeyEncoding.PKCS8_PEM.text(pair.getPrivate(), "")));
    var home = Map.of("HOME", folder.toString());
    mode(".pgpass", "rw-------");

    assertThat(connect(yaml, home).user()).isEqualTo("guarded");
    Files.move(folder.resolve(".pgpass"), folder.resolve("named"));
    assertThat(connect(yaml, Map.of("PGPASSFILE", folder.resolve("named").toString())).user())
        .isEqualTo("guarded");
    assertThat(refusal(yaml, home)).contains("password");
    assertThat(
            refusal(
                yaml,
                Map.of("PGPASSFILE", folder.resolve("named").toString(), "PGPASSWORD", "wrong")))
        .contains("password authentication failed");
  }

  @Test
  void a_file_of_passwords_that_others_may_read_is_passed_over_with_a_warning() throws Exception {
    Files.writeString(folder.resolve(".pgpass"), "*:*:*:*:geheim\n");
    mode(".pgpass", "rw-r-----");
    var root = root("database: {host: h}");

    var database = DatabaseConfig.read(root, new Libpq(Map.of("HOME", folder.toString())));

    assertThat(database.password().isEmpty()).isTrue();
    assertThat(root.faults().warnings())
        .singleElement()
        .asString()
        .contains(
            "database.password: a file of passwords that others may read is passed over: "
                + folder.resolve(".pgpass"));
    mode(".pgpass", "rw-------");
    assertThat(
            DatabaseConfig.read(
                    root("database: {host: h}"), new Libpq(Map.of("HOME", folder.toString())))
                .password()
                .reveal())
        .isEqualTo("geheim");
  }

  @Test
  void a_single_connection_may_wait_longer_or_shorter_than_the_others() throws Exception {
    var config =
        read(
            "database: {uri: 'postgresql://postgres@localhost:%d/postgres'}"
                .formatted(tls.server().getPort()),
            Map.of());
    var database = new DirectDataSource(config);
    var hasty = new Properties();
    hasty.setProperty("socketTimeout", "1");

    try (var connection = database.connect(hasty);
        var statement = connection.createStatement()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(1000);
      statement.execute("select 1");
    }
    try (var connection = database.getConnection()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(30_000);
    }
    try (var connection = DirectDataSource.patient(config).getConnection()) {
      assertThat(connection.getNetworkTimeout()).isZero();
    }
  }

  private Connected connect(String yaml, Map<String, String> variables)
      throws IOException, SQLException {
    return asked(new DirectDataSource(read(yaml, variables)));
  }

  private static Connected asked(DirectDataSource database) throws SQLException {
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

  private static String show(DirectDataSource database, String setting) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("show " + setting)) {
      row.next();
      return row.getString(1);
    }
  }

  private String refusal(String yaml, Map<String, String> variables) throws IOException {
    return refusal(new DirectDataSource(read(yaml, variables)));
  }

  private static String refusal(DirectDataSource database) {
    try {
      database.getConnection().close();
      throw new AssertionError("was let in");
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private DatabaseConfig read(String yaml, Map<String, String> variables) throws IOException {
    var root = root(yaml);
    var everything = new HashMap<>(variables);
    // Whatever the user who runs this test has in their own.
    everything.putIfAbsent("HOME", "/nowhere");
    var database = DatabaseConfig.read(root, everything);
    assertThat(root.faults().errors()).isEmpty();
    assertThat(database.toString()).doesNotContain("BEGIN", TlsPostgres.PASSWORD);
    return database;
  }

  private Section root(String yaml) throws IOException {
    var file = Files.writeString(folder.resolve("f.yaml"), yaml);
    return Configuration.load(List.of(file), Map.of()).root(true);
  }

  private Path pem(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name + ".pem"), text, StandardCharsets.US_ASCII);
  }

  private void mode(String name, String mode) throws IOException {
    Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString(mode));
  }
}
