package latchkey.cli;

import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.nio.file.Files;
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
import latchkey.base.database.DirectDataSource;
import latchkey.base.database.Migrations;
import latchkey.base.system.DatabaseClock;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.cli.demo.DemoClient;
import latchkey.cli.demo.DemoFolder;
import latchkey.cli.demo.DemoSynapse;
import latchkey.cli.demo.DemoTokens;
import latchkey.cli.demo.DemoWords;
import latchkey.cli.demo.Readiness;
import latchkey.cli.demo.Rehearsal;
import latchkey.domain.homeserver.Homeserver;
import latchkey.domain.homeserver.HomeserverHealth;
import latchkey.domain.homeserver.Homeservers;
import latchkey.domain.homeserver.MatrixConfig;
import latchkey.domain.user.UserAccountRepository;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

/// Everything a login needs, on this machine and in one folder.
@Command(
    name = "demo",
    description = "Show a login: a database, a user and a client of its own, on this machine.",
    footer = {
      "",
      "LATCHKEY_DEMO_DIR keeps it all (default .latchkey/demo), LATCHKEY_DEMO_PORT (8080),",
      "LATCHKEY_DEMO_CLIENT_PORT (8085) and LATCHKEY_DEMO_SYNAPSE_PORT (8008) are where it listens,",
      "on loopback. Ctrl-C stops everything."
    })
final class DemoCommand implements Callable<Integer> {
  private static final String USER = "demo";
  private static final String CLIENT = "01KDEM0C000000000000000001";
  private static final String INTROSPECTOR = "01KDEM0C000000000000000002";
  private static final String SYNAPSE_PORT = "LATCHKEY_DEMO_SYNAPSE_PORT";
  private static final String SERVER_NAME = "demo.localhost";
  private static final int READY_SECONDS = 60;
  private static final Duration CALL = Duration.ofSeconds(10);

  private final Latchkey latchkey;
  private final Randomness randomness = new Randomness();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  DemoCommand(Latchkey latchkey) {
    this.latchkey = latchkey;
  }

  @Option(
      names = "--synapse",
      description =
          "also start a real Synapse that delegates to it; the first run installs it from PyPI")
  private boolean withSynapse;

  @Option(
      names = "--rehearse",
      hidden = true,
      description = "walk through the demo once without a person, then stop")
  private boolean rehearse;

  /// Where everything listens, on loopback.
  private record Ports(int latchkey, int client, int synapse) {}

  @Override
  public Integer call() throws DemoFolder.CannotShow, SQLException, IOException {
    var ports =
        new Ports(
            port("LATCHKEY_DEMO_PORT", 8080),
            port("LATCHKEY_DEMO_CLIENT_PORT", 8085),
            port(SYNAPSE_PORT, 8008));
    DemoFolder.requireFree(ports.latchkey(), "LATCHKEY_DEMO_PORT");
    DemoFolder.requireFree(ports.client(), "LATCHKEY_DEMO_CLIENT_PORT");
    if (withSynapse) {
      DemoFolder.requireFree(ports.synapse(), SYNAPSE_PORT);
    }
    var folder =
        new DemoFolder(
            Path.of(latchkey.environment().getOrDefault("LATCHKEY_DEMO_DIR", ".latchkey/demo")));
    var homeserverSecret =
        Secret.of(folder.keep("homeserver-secret", () -> randomness.alphanumeric(32)));
    // First, because it is what may be missing or take long.
    try (var synapse = withSynapse ? startSynapse(folder, ports, homeserverSecret) : null;
        var postgres = folder.startPostgres()) {
      return show(folder, ports, postgres.getPort(), homeserverSecret, synapse);
    }
  }

  private DemoSynapse startSynapse(DemoFolder folder, Ports ports, Secret secret)
      throws DemoFolder.CannotShow {
    var settings =
        new DemoSynapse.Settings(ports.synapse(), SERVER_NAME, url(ports.latchkey()) + "/", secret);
    return DemoSynapse.start(folder, settings, spec.commandLine().getErr());
  }

  private int show(
      DemoFolder folder,
      Ports ports,
      int databasePort,
      Secret homeserverSecret,
      @Nullable DemoSynapse synapse)
      throws DemoFolder.CannotShow, SQLException, IOException {
    var introspectorSecret = folder.keep("introspector-secret", () -> randomness.alphanumeric(32));
    var password = folder.keep("password", () -> randomness.alphanumeric(12));
    folder.keep("generated.yaml", () -> new NewConfiguration(randomness).secrets());
    folder.write(
        "demo.yaml", yaml(ports, databasePort, homeserverSecret, introspectorSecret) + templates());
    var configuration =
        Configuration.load(
            List.of(folder.file("generated.yaml"), folder.file("demo.yaml")),
            latchkey.environment());
    prepare(configuration, password);
    if (synapse != null) {
      makeKnown(configuration);
    }
    var tokens =
        new DemoTokens(
            url(ports.latchkey()), url(ports.client()), CLIENT, INTROSPECTOR, introspectorSecret);
    try (var client = new DemoClient(ports.client(), tokens, randomness)) {
      client.start();
      Thread.ofVirtual().start(() -> announce(ports, password, synapse));
      // Without a homeserver nothing is to be told to one.
      var options = new ServeOptions(true, synapse != null, true, true, true);
      return Serving.run(latchkey, spec, configuration, options);
    }
  }

  private void prepare(Configuration configuration, String password) throws SQLException {
    var database = DatabaseConfig.read(configuration.root(true), latchkey.environment());
    new Migrations(database).migrate();
    var accounts =
        new UserAccountRepository(
            new DirectDataSource(database), new DatabaseClock(), new Ids(randomness));
    if (!accounts.exists(USER)) {
      try (var hasher = new PasswordHasher(List.of(PasswordScheme.standard()), randomness)) {
        accounts.register(
            new UserAccountRepository.NewUser(
                USER, hasher.hash(Secret.of(password)), List.of(), false, null));
      }
    }
  }

  /// The account may be older than this homeserver, so a job of its first day does not do.
  private void makeKnown(Configuration configuration) {
    var matrix = MatrixConfig.read(configuration.root(true));
    Homeservers.of(matrix, CALL, new HomeserverHealth(new DatabaseClock()))
        .provisionUser(new Homeserver.Account(USER, USER, List.of(), false, null));
  }

  private void announce(Ports ports, String password, @Nullable DemoSynapse synapse) {
    var out = spec.commandLine().getErr();
    if (!Readiness.await(
        url(ports.latchkey()) + "/health/ready", Duration.ofSeconds(READY_SECONDS))) {
      out.println(
          "The demo did not get ready within " + READY_SECONDS + " s; see the lines above.");
      return;
    }
    // A server reads its certificates again; a demo has none, and its terminal has been closed.
    Signal.handle(new Signal("HUP"), _ -> Quarkus.asyncExit(CommandLine.ExitCode.OK));
    if (rehearse) {
      rehearse(ports, password);
      return;
    }
    out.print(DemoWords.ready(url(ports.latchkey()), url(ports.client()), USER, password));
    if (synapse != null) {
      out.print(DemoWords.homeserver(synapse, "@" + USER + ":" + SERVER_NAME, ports.latchkey()));
    }
    out.println();
    out.flush();
  }

  private void rehearse(Ports ports, String password) {
    int exit = CommandLine.ExitCode.OK;
    try {
      new Rehearsal(url(ports.latchkey()), url(ports.client())).walk(USER, password);
    } catch (IOException e) {
      spec.commandLine().getErr().println("error: the rehearsal failed: " + e.getMessage());
      exit = CommandLine.ExitCode.SOFTWARE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Quarkus.asyncExit(exit);
  }

  private static String url(int port) {
    return "http://localhost:" + port;
  }

  private int port(String variable, int otherwise) throws DemoFolder.CannotShow {
    var value = latchkey.environment().get(variable);
    try {
      return value == null ? otherwise : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new DemoFolder.CannotShow(variable + " must be a number", e);
    }
  }

  /// From a checkout, its pages are shown as they are at that moment.
  private String templates() {
    var checkout = latchkey.environment().get("LATCHKEY_DEMO_CHECKOUT");
    if (checkout == null || !Files.isDirectory(Path.of(checkout, "templates"))) {
      return "";
    }
    var quoted = checkout.replace("'", "''");
    return """
    templates:
      path: '%1$s/templates'
      translations_path: '%1$s/translations'
    """
        .formatted(quoted);
  }

  private static String yaml(
      Ports ports, int databasePort, Secret homeserverSecret, String introspectorSecret) {
    return """
    http:
      public_base: http://localhost:%1$d/
      listeners:
        - name: demo
          resources: [{name: discovery}, {name: human}, {name: oauth}, {name: compat}, {name: assets}, {name: health}]
          binds: [{host: localhost, port: %1$d}]
    database:
      uri: postgresql://postgres@localhost:%2$d/postgres
    matrix:
      homeserver: %3$s
      endpoint: http://localhost:%4$d/
      secret: "%5$s"
    branding:
      service_name: Latchkey demo
    # Everybody has the one address here.
    rate_limiting: {login: {per_ip: {burst: 100, per_second: 1}}}
    clients:
      - client_id: %6$s
        client_auth_method: none
        client_name: Demo client
        redirect_uris: ["http://localhost:%7$d/callback"]
      - client_id: %8$s
        client_auth_method: client_secret_basic
        client_secret: "%9$s"
    """
        .formatted(
            ports.latchkey(),
            databasePort,
            SERVER_NAME,
            ports.synapse(),
            homeserverSecret.reveal(),
            CLIENT,
            ports.client(),
            INTROSPECTOR,
            introspectorSecret);
  }
}
