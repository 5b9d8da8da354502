package latchkey.base.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import latchkey.TestDatabase;
import latchkey.world.Certificates.Authority;
import latchkey.world.KeyEncoding;
import latchkey.world.TlsPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Every way to a database that has to do with TLS, tried against a real one.
@Tag("slow")
class DatabaseTlsTest extends DatabaseScene {
  private static final Map<String, KeyPair> PAIRS = new HashMap<>();

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
}
