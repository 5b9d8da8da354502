package latchkey.cli;

import static latchkey.world.World.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import latchkey.world.Browser;
import latchkey.world.House;
import latchkey.world.World;
import latchkey.world.World.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sign-ins that take a device over, met by what ends the sessions of their user. Somebody else
/// holds the row of the session that goes, so that both stand where they would wait for each other.
@QuarkusTest
@WithTestResource(House.class)
class RevocationRaceTest {
  private static final String LIST = "/account/app-passwords";
  private static final Pattern SECRET = Pattern.compile("<code class=\"secret\"[^>]*>([0-9a-z-]+)");

  @Inject World world;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Browser browser = new Browser();
  private Person alice;
  private String device;

  @BeforeEach
  void alice_is_signed_in() {
    alice = world.alice();
    device = World.device();
    world.signIn(browser, alice, "/login");
  }

  @AfterEach
  void nobody_is_left() {
    threads.close();
  }

  @Test
  void taking_an_app_password_back_waits_for_a_login_with_it() throws Exception {
    var made = make();
    legacyLogIn(made.secret()).then().statusCode(200);
    var question = browser.get(made.path());

    var answers =
        meet(
            () -> legacyLogIn(made.secret()).statusCode(),
            () -> browser.submit(made.path(), question, Map.of("end_sessions", "yes")).status(),
            1);

    assertThat(answers.first()).isEqualTo(200);
    assertThat(answers.second()).isEqualTo(303);
    assertThat(live()).isZero();
  }

  @Test
  void so_it_does_on_the_command_line() throws Exception {
    var made = make();
    legacyLogIn(made.secret()).then().statusCode(200);

    var answers =
        meet(
            () -> legacyLogIn(made.secret()).statusCode(),
            () -> manage("revoke-app-password", alice.username(), "--all"));

    assertThat(answers.first()).isEqualTo(200);
    assertThat(answers.second()).isZero();
    assertThat(live()).isZero();
  }

  @Test
  void ending_everything_waits_for_a_sign_in() throws Exception {
    var client = world.aPublicClient();
    world.logIn(alice, client, device);
    var code = world.code(alice, client, World.scope(device));

    var answers =
        meet(
            () -> world.exchange(client, code).statusCode(),
            () -> manage("kill-sessions", alice.username()));

    assertThat(answers.first()).isEqualTo(200);
    assertThat(answers.second()).isZero();
    assertThat(live()).isZero();
  }

  @Test
  void one_user_who_does_a_thing_many_times_takes_no_connection_from_others() throws Exception {
    var form = browser.get(LIST + "/new");
    var bob = world.alice();
    var client = world.aPublicClient();
    var tokens = world.logIn(bob, client, World.device());
    try (var connection = House.database().getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute(
            "select from latchkey.users where id = '%s' for update".formatted(alice.id()));
      }
      var many = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 40; i++) {
        many.add(
            threads.submit(
                () -> browser.copy().submit(LIST + "/new", form, Map.of("name", "Nio")).status()));
      }
      World.within(Duration.ofSeconds(10), () -> waiting() == 1);

      assertThat(world.refresh(client, tokens.refresh()).statusCode()).isEqualTo(200);
      // One may be on its way out while the next comes in.
      assertThat(waiting()).as("of forty in the database").isLessThanOrEqualTo(2);
      for (var one : many) {
        assertThat(one.get()).isEqualTo(503);
      }
      connection.rollback();
    }
    assertThat(browser.submit(LIST + "/new", form, Map.of("name", "Nio")).status()).isEqualTo(303);
  }

  /// @param first of who came first
  private record Answers(int first, int second) {}

  private Answers meet(Callable<Integer> first, Callable<Integer> second) throws Exception {
    return meet(first, second, 2);
  }

  /// @param inDatabase how many of the two wait there; of one process only the first does
  private Answers meet(Callable<Integer> first, Callable<Integer> second, int inDatabase)
      throws Exception {
    Future<Integer> one;
    Future<Integer> other;
    try (var connection = House.database().getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute(
            "select from latchkey.oauth_sessions where device_id = '%s' and finished_at is null for update"
                .formatted(device));
      }
      one = threads.submit(first);
      World.within(Duration.ofSeconds(10), () -> waiting() == 1);
      other = threads.submit(second);
      if (inDatabase == 1) {
        var behind = other;
        assertThatThrownBy(() -> behind.get(500, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
      }
      World.within(Duration.ofSeconds(10), () -> waiting() == inDatabase);
      connection.rollback();
    }
    return new Answers(one.get(), other.get());
  }

  private static long waiting() {
    return count(
        """
        select count(*) from pg_stat_activity
         where wait_event_type = 'Lock' and datname = current_database()
        """);
  }

  private record Made(String path, String secret) {}

  private Made make() {
    var form = browser.get(LIST + "/new");
    var path = browser.submit(LIST + "/new", form, Map.of("name", "Nio")).location();
    var secret = SECRET.matcher(browser.get(path).body());
    assertThat(secret.find()).isTrue();
    return new Made(path, secret.group(1));
  }

  private Response legacyLogIn(String secret) {
    return world.legacyLogIn(alice, Map.of("password", secret, "device_id", device));
  }

  private int manage(String... words) throws IOException, SQLException {
    var port = House.database().unwrap(org.postgresql.ds.PGSimpleDataSource.class).getPortNumbers();
    var file =
        Files.writeString(
            folder.resolve("config.yaml"),
            """
            database: {uri: 'postgresql://postgres:postgres@127.0.0.1:%d/postgres'}
            matrix: {homeserver: example.com, secret: geheim, endpoint: 'http://127.0.0.1:1/'}
            """
                .formatted(port[0]));
    var all = new ArrayList<String>();
    all.add("manage");
    all.add(words[0]);
    all.add("-c");
    all.add(file.toString());
    all.addAll(java.util.List.of(words).subList(1, words.length));
    return CommandLineRun.of(all.toArray(String[]::new)).exit();
  }

  private long live() {
    return count(
        "select count(*) from latchkey.oauth_sessions where finished_at is null and user_id = '%s'"
            .formatted(alice.id()));
  }
}
