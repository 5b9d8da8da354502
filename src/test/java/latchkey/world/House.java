package latchkey.world;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Map;
import javax.sql.DataSource;
import latchkey.base.config.Configuration;
import latchkey.cli.TestConfiguration;
import org.jspecify.annotations.Nullable;

/// Starts what the application under test stands on: PostgreSQL, the cable to it, and its
/// configuration.
public class House implements QuarkusTestResourceLifecycleManager {
  private static final String SECRET = "geheim-zwischen-uns";

  private static @Nullable EmbeddedPostgres postgres;
  private static @Nullable Cable cable;
  private static @Nullable Doors doors;
  private static @Nullable PostOffice postOffice;
  private static int port;
  private static String prefix = "";

  private final int connections;
  private final String path;
  private final String tuning;

  public House() {
    this(10, "");
  }

  /// @param connections how many connections to the database the application may have
  /// @param path of the public base and of the listener; empty for none
  House(int connections, String path) {
    this(connections, path, "");
  }

  /// @param tuning YAML on top of everything
  House(int connections, String path, String tuning) {
    this.connections = connections;
    this.path = path;
    this.tuning = tuning;
  }

  /// The public base, without a slash at its end.
  public static String url() {
    return "http://localhost:" + port + prefix;
  }

  /// The absolute URL of a link, or of one of our paths.
  public static String resolve(String link) {
    if (link.startsWith("http")) {
      return link;
    }
    boolean whole = !prefix.isEmpty() && link.startsWith(prefix + "/");
    return whole ? "http://localhost:" + port + link : url() + link;
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

  /// The other ways in.
  public static Doors doors() {
    return java.util.Objects.requireNonNull(doors);
  }

  /// Where mail goes.
  public static PostOffice postOffice() {
    return java.util.Objects.requireNonNull(postOffice);
  }

  /// The database itself, past the cable.
  public static DataSource database() {
    return java.util.Objects.requireNonNull(postgres).getPostgresDatabase();
  }

  @Override
  public Map<String, String> start() {
    try {
      var database = startPostgres();
      postgres = database;
      var wire = new Cable(database.getPort());
      cable = wire;
      port = Doors.freePort();
      prefix = path;
      var others = new Doors();
      doors = others;
      var mail = new PostOffice(Doors.freePort());
      mail.open();
      postOffice = mail;
      configure(
          TestConfiguration.yaml(port, prefix, databaseYaml(wire.port()), connections, SECRET),
          others.yaml(),
          Rules.yaml(),
          mail.yaml(),
          tuning());
      return Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void configure(String... texts) throws IOException {
    var files = new ArrayList<String>();
    for (var text : texts) {
      var file = Files.createTempFile("latchkey-test", ".yaml");
      Files.writeString(file, text);
      file.toFile().deleteOnExit();
      files.add(file.toString());
    }
    System.setProperty(Configuration.FILES, String.join(":", files));
  }

  /// YAML on top of everything.
  String tuning() {
    return tuning;
  }

  EmbeddedPostgres startPostgres() throws IOException {
    return EmbeddedPostgres.builder().setServerConfig("max_connections", "60").start();
  }

  /// How the application finds its database: entries of the section, one a line.
  ///
  /// @param wire the near end of the cable
  String databaseYaml(int wire) {
    return TestConfiguration.database(wire);
  }

  @Override
  public void stop() {
    try {
      if (postOffice != null) {
        postOffice.close();
      }
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
}
