package latchkey.world;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A house whose application has one connection to its database, and must show a certificate and
/// say a password there.
public final class NarrowHouse extends House {
  private @Nullable TlsPostgres database;

  public NarrowHouse() {
    super(1, "");
  }

  @Override
  EmbeddedPostgres startPostgres() throws IOException {
    var started = new TlsPostgres();
    database = started;
    return started.server();
  }

  @Override
  String databaseYaml(int wire) {
    var authority = Objects.requireNonNull(database).authority();
    var pair = KeyEncoding.pair("secp256r1");
    return """
    host: localhost
    port: %d
    username: %s
    password: "%s"
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
            wire,
            TlsPostgres.GUARDED,
            TlsPostgres.PASSWORD.replace("\\", "\\\\").replace("\"", "\\\""),
            block(authority.certificate()),
            block(authority.certify(TlsPostgres.GUARDED, pair)),
            block(KeyEncoding.TRADITIONAL_PEM.text(pair.getPrivate(), "")));
  }

  private static String block(String pem) {
    return pem.indent(2).stripTrailing();
  }
}
