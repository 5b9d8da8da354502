package latchkey.base.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import latchkey.world.KeyEncoding;
import latchkey.world.TlsPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every other way to a database, tried against a real one: sockets, variables, files of passwords.
@Tag("slow")
class DatabaseConnectionTest extends DatabaseScene {
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
    var pair = KeyEncoding.pair("RSA");
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

  private static String show(DirectDataSource database, String setting) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("show " + setting)) {
      row.next();
      return row.getString(1);
    }
  }

  private void mode(String name, String mode) throws IOException {
    Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString(mode));
  }
}
