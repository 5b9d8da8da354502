package latchkey.cli.demo;

import io.vertx.core.json.Json;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import latchkey.base.crypto.Secret;

/// A real Synapse that delegates to the demo, for clients that want a homeserver. It listens on
/// loopback and keeps its data in the demo's folder (SQLite).
public final class DemoSynapse implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final int port;
  private final PrintWriter out;
  private final Companion process;
  private volatile boolean stopping;

  private DemoSynapse(int port, PrintWriter out, Companion process) {
    this.port = port;
    this.out = out;
    this.process = process;
  }

  /// What it is told about the world.
  ///
  /// @param latchkey where it reaches the demo
  /// @param secret shared with it
  public record Settings(int port, String serverName, String latchkey, Secret secret) {}

  /// Installs it at the first run, starts it, and returns when it answers.
  public static DemoSynapse start(DemoFolder folder, Settings settings, PrintWriter out)
      throws DemoFolder.CannotShow {
    var installation = new SynapseInstallation(folder, out);
    installation.install();
    var home = folder.file("synapse");
    try {
      Files.createDirectories(home);
    } catch (IOException e) {
      throw new DemoFolder.CannotShow("the folder " + home + " cannot be written", e);
    }
    folder.write("synapse/log.yaml", logging(home));
    var configuration = folder.write("synapse/homeserver.yaml", yaml(home, settings));
    try {
      var command =
          List.of(
              installation.python().toString(),
              "-m",
              "synapse.app.homeserver",
              "-c",
              configuration.toString());
      var log = home.resolve("out.log").toFile();
      if (!Files.exists(home.resolve("signing.key"))) {
        generateKey(command, log);
      }
      var synapse =
          new DemoSynapse(settings.port(), out, Companion.start(program(command, log, List.of())));
      synapse.awaitAnswer(home);
      return synapse;
    } catch (IOException e) {
      throw new DemoFolder.CannotShow("Synapse did not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFolder.CannotShow("interrupted", e);
    }
  }

  public String url() {
    return "http://localhost:" + port;
  }

  public int port() {
    return port;
  }

  public String version() {
    return SynapseInstallation.VERSION;
  }

  @Override
  public void close() {
    stopping = true;
    process.close();
  }

  private static void generateKey(List<String> command, File log)
      throws IOException, InterruptedException {
    try (var once = Companion.start(program(command, log, List.of("--generate-keys")))) {
      once.process().waitFor();
    }
  }

  private static ProcessBuilder program(List<String> command, File log, List<String> arguments) {
    // Ctrl-C reaches everything that belongs to the terminal. Synapse stays deaf to it: it goes
    // when
    // Latchkey, which still tells it things, has gone.
    var all = new ArrayList<>(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
    all.addAll(command);
    all.addAll(arguments);
    return new ProcessBuilder(all)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
  }

  private void awaitAnswer(Path home) throws DemoFolder.CannotShow {
    var versions = "http://127.0.0.1:" + port + "/_matrix/client/versions";
    if (!Readiness.await(versions, PATIENCE, process.process()::isAlive)) {
      close();
      throw new DemoFolder.CannotShow(
          "Synapse did not start; its last words are in " + home.resolve("out.log"));
    }
    var _ =
        process
            .process()
            .onExit()
            .thenRun(
                () -> {
                  if (!stopping) {
                    out.println("Synapse has stopped by itself; see " + home.resolve("out.log"));
                    out.flush();
                  }
                });
  }

  private static String yaml(Path home, Settings settings) {
    return """
    server_name: %1$s
    public_baseurl: "http://localhost:%2$d/"
    serve_server_wellknown: false
    report_stats: false
    trusted_key_servers: []
    federation_domain_whitelist: []
    signing_key_path: %3$s
    media_store_path: %4$s
    log_config: %5$s
    macaroon_secret_key: %7$s
    form_secret: %7$s
    enable_registration: false
    listeners:
      - port: %2$d
        bind_addresses: ["127.0.0.1"]
        type: http
        resources: [{names: [client], compress: false}]
    database: {name: sqlite3, args: {database: %6$s}}
    matrix_authentication_service:
      enabled: true
      endpoint: %8$s
      secret: %7$s
    """
        .formatted(
            Json.encode(settings.serverName()),
            settings.port(),
            quoted(home, "signing.key"),
            quoted(home, "media"),
            quoted(home, "log.yaml"),
            quoted(home, "homeserver.db"),
            Json.encode(settings.secret().reveal()),
            Json.encode(settings.latchkey()));
  }

  private static String logging(Path home) {
    return """
    version: 1
    formatters: {line: {format: "%%(asctime)s %%(levelname)s %%(name)s - %%(message)s"}}
    handlers: {file: {class: logging.FileHandler, filename: %s, formatter: line}}
    root: {level: INFO, handlers: [file]}
    """
        .formatted(quoted(home, "homeserver.log"));
  }

  /// A JSON text is a YAML text, whatever characters the path has.
  private static String quoted(Path home, String name) {
    return Json.encode(home.resolve(name).toString());
  }
}
