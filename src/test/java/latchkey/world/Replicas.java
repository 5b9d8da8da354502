package latchkey.world;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.base.crypto.PasswordHasher;
import latchkey.base.crypto.PasswordScheme;
import latchkey.base.crypto.Secret;
import latchkey.base.system.Ids;
import latchkey.base.system.Randomness;
import latchkey.cli.TestConfiguration;
import latchkey.domain.token.TokenKey;
import latchkey.domain.user.UserAccountRepository;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/// Real Latchkey processes on one PostgreSQL, for what one process cannot show: several replicas,
/// `kill -9`, frozen processes, a database that fails over.
///
/// ```java
/// @Tag("slow")
/// class SomethingTest {
///   @RegisterExtension static final Replicas replicas = Replicas.open();
///
///   @Test
///   void a_thing_is_so() {
///     var a = replicas.start();                        // a process, ready
///     var b = replicas.start("latchkey: {refresh: {leeway: 0}}\n");  // with YAML on top
///     var session = replicas.seeder().session();       // tokens without a login
///     assertThat(a.introspect(session.access()).isActive()).isTrue();
///     b.freeze();  b.thaw();  b.kill();  b.start();    // the same port and configuration
///     b.cable().cut();                                 // its own wire to the database
///     replicas.postgres().freeze();                    // the database of all of them
///   }
/// }
/// ```
///
/// The processes are started by `./latchkey`, which builds what is out of date first (once, some 20
/// seconds) and uses an AOT cache if there is one; a start takes two to four seconds. They share
/// their keys, talk to a [SynapseStandIn], and trust the forwarded address of a client. Logs are in
/// `target/replicas`, and their ends are printed when a test fails.
public final class Replicas
    implements AutoCloseable, TestExecutionExceptionHandler, AfterAllCallback {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int CONNECTIONS = 10;

  /// The scheme of [latchkey.cli.TestConfiguration] that hashes new passwords.
  private static final PasswordScheme NEWEST =
      new PasswordScheme(3, PasswordScheme.Algorithm.ARGON2ID, 0, "pfeffer".getBytes(UTF_8), false);

  private final Postgres first;
  private final SynapseStandIn homeserver = new SynapseStandIn();
  private final String secrets = TestConfiguration.secrets();
  private final List<Replica> all = new CopyOnWriteArrayList<>();
  private final Path folder;
  private volatile Postgres postgres;

  private Replicas(Postgres postgres) {
    this.first = postgres;
    this.postgres = postgres;
    try {
      this.folder = Files.createDirectories(Path.of("target", "replicas"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// On a PostgreSQL of their own.
  public static Replicas open() {
    return new Replicas(Postgres.start());
  }

  public Postgres postgres() {
    return postgres;
  }

  /// All of them find another database at the end of their wires: the one that took over.
  public void moveTo(Postgres successor) {
    postgres = successor;
    all.forEach(replica -> replica.cable().plugInto(successor.port()));
  }

  public SynapseStandIn homeserver() {
    return homeserver;
  }

  /// A new replica, ready.
  public Replica start() {
    return start("");
  }

  /// @param yaml laid over the configuration
  public Replica start(String yaml) {
    var replica = prepare(Doors.freePort(), yaml);
    replica.start();
    return replica;
  }

  /// A replica that is not started yet.
  public Replica prepare(int port, String yaml) {
    var name = COUNT.incrementAndGet() + "-" + (char) ('a' + all.size() % 26);
    var cable = new Cable(postgres.port());
    var base =
        TestConfiguration.yaml(
            port,
            "",
            TestConfiguration.database(cable.port()),
            CONNECTIONS,
            House.homeserverSecret(),
            secrets);
    var endpoint = "matrix: {endpoint: '" + homeserver.url() + "'}\n";
    var files =
        List.of(
            write(name, base), write(name + "-endpoint", endpoint), write(name + "-more", yaml));
    var configuration = String.join(":", files.stream().map(Path::toString).toList());
    var log = folder.resolve(name + ".log").toAbsolutePath();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var replica = new Replica(name, port, configuration, files.getLast(), log, cable);
    all.add(replica);
    return replica;
  }

  /// Makes sessions without a login. The schema must be there: start a replica first.
  public Seeder seeder() {
    return Seeder.of(postgres, secrets);
  }

  /// @param key that the tokens are made with, of those the replicas were given
  public Seeder seeder(TokenKey key) {
    return new Seeder(postgres, key);
  }

  /// A person with an account and a password, made as by `manage register-user`.
  public World.Person person() {
    var name = "person" + COUNT.incrementAndGet();
    var password = "correct horse " + name;
    var randomness = new Randomness();
    var clock = Clock.systemUTC();
    try (var hasher = new PasswordHasher(List.of(NEWEST), randomness)) {
      var id =
          new UserAccountRepository(postgres.database(), clock, new Ids(randomness))
              .register(
                  new UserAccountRepository.NewUser(
                      name, hasher.hash(Secret.of(password)), List.of(), false, null));
      return new World.Person(id, name, password);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Runs a verb of the command line beside them; its exit code.
  public int verb(String... words) {
    var first = all.getFirst();
    return first.verb(words);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    all.forEach(replica -> System.err.println(replica.tail()));
    throw failure;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    all.forEach(Replica::close);
    homeserver.close();
    first.close();
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name + ".yaml").toAbsolutePath(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
