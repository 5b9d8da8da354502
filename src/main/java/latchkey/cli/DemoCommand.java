package latchkey.cli;

import io.quarkus.runtime.Quarkus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import latchkey.base.config.Configuration;
import latchkey.base.config.ServeOptions;
import latchkey.base.crypto.PasswordHasher;
import latchkey.base.crypto.PasswordScheme;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseConfig;
import latchkey.base.database.Migrations;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.cli.demo.DemoClient;
import latchkey.cli.demo.DemoFolder;
import latchkey.cli.demo.DemoTokens;
import latchkey.cli.demo.Rehearsal;
import latchkey.domain.user.UserAccountRepository;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Everything a login needs, on this machine and in one folder.
@Command(
    name = "demo",
    description = "Show a login: a database, a user and a client of its own, on this machine.",
    footer = {
      "",
      "LATCHKEY_DEMO_DIR keeps it all (default .latchkey/demo), LATCHKEY_DEMO_PORT (8080) and",
      "LATCHKEY_DEMO_CLIENT_PORT (8085) are where it listens, on loopback. Ctrl-C stops everything."
    })
final class DemoCommand implements Callable<Integer> {
  private static final String USER = "demo";
  private static final String CLIENT = "01KDEM0C000000000000000001";
  private static final String INTROSPECTOR = "01KDEM0C000000000000000002";
  private static final int READY_SECONDS = 60;

  private final Latchkey latchkey;
  private final Randomness randomness = new Randomness();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  DemoCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Option(
      names = "--rehearse",
      hidden = true,
      description = "walk through the demo once without a person, then stop")
  private boolean rehearse;

  @Override
  public Integer call() throws DemoFolder.CannotShow, SQLException, IOException {
    int port = port("LATCHKEY_DEMO_PORT", 8080);
    int clientPort = port("LATCHKEY_DEMO_CLIENT_PORT", 8085);
    DemoFolder.requireFree(port, "LATCHKEY_DEMO_PORT");
    DemoFolder.requireFree(clientPort, "LATCHKEY_DEMO_CLIENT_PORT");
    var folder =
        new DemoFolder(
            Path.of(latchkey.environment().getOrDefault("LATCHKEY_DEMO_DIR", ".latchkey/demo")));
    try (var postgres = folder.startPostgres()) {
      return show(folder, postgres, port, clientPort);
    }
  }

  private int show(DemoFolder folder, EmbeddedPostgres postgres, int port, int clientPort)
      throws DemoFolder.CannotShow, SQLException, IOException {
    var introspectorSecret = folder.keep("introspector-secret", () -> randomness.alphanumeric(32));
    var password = folder.keep("password", () -> randomness.alphanumeric(12));
    folder.keep("generated.yaml", () -> new NewConfiguration(randomness).secrets());
    folder.write("demo.yaml", yaml(port, clientPort, postgres.getPort(), introspectorSecret));
    var configuration =
        Configuration.load(
            List.of(folder.file("generated.yaml"), folder.file("demo.yaml")),
            latchkey.environment());
    prepare(configuration, password);
    var tokens =
        new DemoTokens(
            "http://localhost:" + port,
            "http://localhost:" + clientPort,
            CLIENT,
            INTROSPECTOR,
            introspectorSecret);
    try (var client = new DemoClient(clientPort, tokens, randomness)) {
      client.start();
      Thread.ofVirtual().start(() -> announce(port, clientPort, password));
      // No homeserver stands behind a demo, so nothing is to be told to one.
      return Serving.run(latchkey, spec, configuration, new ServeOptions(true, false, true, true));
    }
  }

  private void prepare(Configuration configuration, String password) throws SQLException {
    var database = DatabaseConfig.read(configuration.root(true), latchkey.environment());
    new Migrations(database).migrate();
    var accounts =
        new UserAccountRepository(
            PlainDatabase.of(database), new DatabaseClock(), new Ids(randomness));
    if (!accounts.exists(USER)) {
      try (var hasher = new PasswordHasher(List.of(PasswordScheme.standard()), randomness)) {
        accounts.register(
            new UserAccountRepository.NewUser(
                USER, hasher.hash(Secret.of(password)), List.of(), false, null));
      }
    }
  }

  private void announce(int port, int clientPort, String password) {
    var out = spec.commandLine().getErr();
    if (!DemoReadiness.await(
        "http://localhost:" + port + "/health/ready", Duration.ofSeconds(READY_SECONDS))) {
      out.println(
          "The demo did not get ready within " + READY_SECONDS + " s; see the lines above.");
      return;
    }
    if (rehearse) {
      rehearse(port, clientPort, password);
      return;
    }
    out.println();
    out.println("  Latchkey is ready. Open the demo client and sign in:");
    out.println();
    out.println(
        "    http://localhost:"
            + clientPort
            + "/        username "
            + USER
            + ", password "
            + password);
    out.println();
    out.println(
        "  Latchkey itself is at http://localhost:" + port + "/ . Ctrl-C stops everything.");
    out.println();
    out.flush();
  }

  private void rehearse(int port, int clientPort, String password) {
    int exit = CommandLine.ExitCode.OK;
    try {
      new Rehearsal("http://localhost:" + port, "http://localhost:" + clientPort)
          .walk(USER, password);
    } catch (IOException e) {
      spec.commandLine().getErr().println("error: the rehearsal failed: " + e.getMessage());
      exit = CommandLine.ExitCode.SOFTWARE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Quarkus.asyncExit(exit);
  }

  private int port(String variable, int otherwise) throws DemoFolder.CannotShow {
    var value = latchkey.environment().get(variable);
    try {
      return value == null ? otherwise : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new DemoFolder.CannotShow(variable + " must be a number", e);
    }
  }

  private static String yaml(int port, int clientPort, int databasePort, String secret) {
    return """
    http:
      public_base: http://localhost:%1$d/
      listeners:
        - name: demo
          resources: [{name: discovery}, {name: human}, {name: oauth}, {name: assets}, {name: health}]
          binds: [{host: localhost, port: %1$d}]
    database:
      uri: postgresql://postgres@localhost:%2$d/postgres
    matrix:
      homeserver: demo.localhost
      secret: no-homeserver-stands-behind-the-demo
    branding:
      service_name: Latchkey demo
    clients:
      - client_id: %3$s
        client_auth_method: none
        client_name: Demo client
        redirect_uris: ["http://localhost:%4$d/callback"]
      - client_id: %5$s
        client_auth_method: client_secret_basic
        client_secret: %6$s
    """
        .formatted(port, databasePort, CLIENT, clientPort, INTROSPECTOR, secret);
  }
}
