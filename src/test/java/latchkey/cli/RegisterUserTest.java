package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `manage register-user`, beside a homeserver that gives out every name but `squatter`.
class RegisterUserTest {
  private static final String STRONG = "correct horse battery staple";

  private static DataSource database;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private final StringWriter err = new StringWriter();
  private HttpServer homeserver;

  @BeforeAll
  static void a_database() {
    database = TestDatabase.fresh();
  }

  @BeforeEach
  void a_homeserver() throws IOException {
    homeserver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    homeserver.createContext(
        "/_synapse/mas/is_localpart_available",
        exchange -> {
          boolean taken = exchange.getRequestURI().getQuery().endsWith("=squatter");
          var body = (taken ? "{\"errcode\":\"M_USER_IN_USE\"}" : "{}");
          exchange.sendResponseHeaders(taken ? 400 : 200, body.length());
          exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    homeserver.start();
    TestDatabase.execute(database, "delete from latchkey.users");
  }

  @AfterEach
  void the_homeserver_stops() {
    homeserver.stop(0);
  }

  @Test
  void an_account_is_made_and_the_homeserver_will_be_told() throws IOException {
    assertThat(register("-p", STRONG, "-e", "a@example.com", "--admin", "@alice:example.com"))
        .isZero();

    assertThat(err.toString()).contains("Created @alice:example.com");
    assertThat(users("username = 'alice' and can_request_admin")).isEqualTo(1);
    assertThat(
            TestDatabase.number(
                database,
                "select count(*) from latchkey.scheduled_tasks where task_name = 'provision-user'"))
        .isPositive();
  }

  @Test
  void a_weak_password_is_refused_unless_one_insists() throws IOException {
    assertThat(register("-p", "alice1", "alice")).isEqualTo(1);
    assertThat(err.toString()).contains("too easy to guess").doesNotContain("alice1");
    assertThat(users("true")).isZero();

    assertThat(register("-p", "alice1", "--ignore-password-complexity", "alice")).isZero();
  }

  @Test
  void a_name_that_is_taken_here_is_refused_in_any_case() throws IOException {
    register("alice");
    TestDatabase.execute(database, "update latchkey.users set username = 'ALICE'");

    assertThat(register("alice")).isEqualTo(1);

    assertThat(err.toString()).contains("the name alice is taken");
    assertThat(users("true")).isEqualTo(1);
  }

  @Test
  void a_name_the_homeserver_does_not_give_out_is_refused() throws IOException {
    assertThat(register("squatter")).isEqualTo(1);

    assertThat(err.toString()).contains("the homeserver does not give out the name squatter");
    assertThat(users("true")).isZero();
  }

  @Test
  void without_the_homeserver_nobody_knows_whether_a_name_is_free() throws IOException {
    homeserver.stop(0);

    assertThat(register("-p", STRONG, "alice")).isEqualTo(1);

    assertThat(err.toString())
        .contains("the homeserver could not be asked about the name")
        .doesNotContain("geheim", STRONG, "Exception:");
    assertThat(users("true")).isZero();
  }

  @Test
  void a_name_no_matrix_id_can_have_is_refused() throws IOException {
    for (var name : List.of("Alice", "ali ce", "älice", "x".repeat(250))) {
      assertThat(register(name)).as(name).isEqualTo(1);
    }
    assertThat(users("true")).isZero();
  }

  private int register(String... words) throws IOException {
    var file =
        Files.writeString(
            folder.resolve("config.yaml"),
            CommandLineDatabase.yaml(database, homeserver.getAddress().getPort()));
    var line = new ArrayList<>(List.of("-c", file.toString(), "manage", "register-user", "--yes"));
    line.addAll(List.of(words));
    return Latchkey.commandLine(Map.of())
        .setErr(new PrintWriter(err, true))
        .execute(line.toArray(String[]::new));
  }

  private static long users(String which) {
    return TestDatabase.number(database, "select count(*) from latchkey.users where " + which);
  }
}
