package latchkey.world;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.Map;
import javax.sql.DataSource;
import latchkey.base.config.Configuration;
import latchkey.cli.TestConfiguration;
import org.jspecify.annotations.Nullable;

/// Starts what the application under test stands on: PostgreSQL, the cable to it, and its
/// configuration.
public final class House implements QuarkusTestResourceLifecycleManager {
  private static final String SECRET = "geheim-zwischen-uns";

  private static @Nullable EmbeddedPostgres postgres;
  private static @Nullable Cable cable;
  private static int port;

  private int connections = 10;

  public static String url() {
    return "http://localhost:" + port;
  }

  public static int port() {
    return port;
  }

  public static String homeserverSecret() {
    return SECRET;
  }

  /// The wire between the application and its database.
  public static Cable cable() {
    return java.util.Objects.requireNonNull(cable);
  }

  /// The database itself, past the cable.
  public static DataSource database() {
    return java.util.Objects.requireNonNull(postgres).getPostgresDatabase();
  }

  /// `max_connections`: how many connections the application may have; 10 unless told.
  @Override
  public void init(Map<String, String> arguments) {
    connections = Integer.parseInt(arguments.getOrDefault("max_connections", "10"));
  }

  @Override
  public Map<String, String> start() {
    try {
      var database = EmbeddedPostgres.builder().setServerConfig("max_connections", "60").start();
      postgres = database;
      var wire = new Cable(database.getPort());
      cable = wire;
      port = freePort();
      var file = Files.createTempFile("latchkey-test", ".yaml");
      Files.writeString(file, TestConfiguration.yaml(port, wire.port(), connections, SECRET));
      file.toFile().deleteOnExit();
      System.setProperty(Configuration.FILES, file.toString());
      return Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    try {
      if (cable != null) {
        cable.close();
      }
      if (postgres != null) {
        postgres.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
