package latchkey.world;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A house below a path of somebody else's host, with its database behind a Unix socket.
public final class PrefixedHouse extends House {
  private @Nullable TlsPostgres database;

  public PrefixedHouse() {
    super(10, "/auth", "latchkey: {compat: {app_passwords: required}}\n");
  }

  @Override
  EmbeddedPostgres startPostgres() throws IOException {
    var started = new TlsPostgres();
    database = started;
    return started.server();
  }

  @Override
  String databaseYaml(int wire) {
    var there = Objects.requireNonNull(database);
    return """
    socket: '%s'
    port: %d
    username: %s
    database: postgres
    """
        .formatted(there.socketFolder(), there.server().getPort(), TlsPostgres.CERTIFIED);
  }
}
