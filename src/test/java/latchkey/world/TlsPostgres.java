package latchkey.world;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import latchkey.world.Certificates.Authority;

/// A real PostgreSQL that speaks TLS, has a Unix socket, and treats each of its users otherwise.
public final class TlsPostgres implements AutoCloseable {
  /// May come by TLS only.
  public static final String TLS_ONLY = "tlsonly";

  /// May come without TLS only.
  public static final String PLAIN_ONLY = "plainonly";

  /// Shows a certificate.
  public static final String CERTIFIED = "certified";

  /// Shows a certificate and says a password.
  public static final String GUARDED = "guarded";

  /// With everything in it that somebody might take for syntax.
  public static final String PASSWORD = "p$a $${s} ${x} \\w\\$o'r\"d:@/?&#%20ü ";

  private final Authority authority = Authority.called("authority of the database");
  private final Path folder;
  private final EmbeddedPostgres postgres;

  public TlsPostgres() throws IOException {
    // Short: the path of a socket has at most 107 bytes.
    folder = Files.createTempDirectory("pg");
    postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("max_connections", "60")
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_ca_file", "authority.pem")
            .setServerConfig("unix_socket_directories", folder.toString())
            .setDataDirectoryCustomizer(this::furnish)
            .start();
    sql(
        """
        create role tlsonly login; create role plainonly login; create role certified login superuser;
        create role guarded login superuser password '%s';
        """
            .formatted(PASSWORD.replace("'", "''")));
  }

  private void furnish(File data) {
    var owner = KeyEncoding.pair("secp256r1");
    try {
      var key = data.toPath().resolve("server.key");
      Files.writeString(key, KeyEncoding.PKCS8_PEM.text(owner.getPrivate(), ""));
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(
          data.toPath().resolve("server.crt"), authority.certify("database", owner, "localhost"));
      Files.writeString(data.toPath().resolve("authority.pem"), authority.certificate());
      Files.writeString(
          data.toPath().resolve("pg_hba.conf"),
          """
          local     all all       trust
          hostssl   all tlsonly   all trust
          hostnossl all plainonly all trust
          hostssl   all certified all cert
          hostssl   all guarded   all scram-sha-256 clientcert=verify-full
          host      all postgres  all trust
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public EmbeddedPostgres server() {
    return postgres;
  }

  /// Who vouches for the server, and for those who come with a certificate.
  public Authority authority() {
    return authority;
  }

  /// Where its Unix socket is.
  public Path socketFolder() {
    return folder;
  }

  public void sql(String sql) {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
