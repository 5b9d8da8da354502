package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import latchkey.TestDatabase;
import latchkey.world.TlsFiles;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process, as it is shipped, once it runs.
@Tag("slow")
class RunningServerTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void sighup_reads_templates_and_texts_again_and_what_is_broken_changes_nothing()
      throws Exception {
    var page = Files.createDirectory(folder.resolve("templates")).resolve("StartPage.html");
    var texts = Files.createDirectory(folder.resolve("texts")).resolve("en.json");
    var ours = Files.readString(Path.of("templates/StartPage.html"));
    Files.writeString(page, ours.replace("{/main}", "<p>first page</p>{/main}"));
    Files.writeString(texts, signIn("First text"));
    try (var server = new ShippedServer(folder)) {
      server.start(
          "templates: {path: '%s', translations_path: '%s'}\n"
              .formatted(page.getParent(), texts.getParent()));
      server.awaitLine("latchkey  - ready");
      assertThat(server.get("/").body()).contains("first page", "First text");

      Files.writeString(page, ours.replace("{/main}", "<p>second page</p>{/main}"));
      Files.writeString(texts, signIn("Second text"));
      assertThat(server.get("/").body()).as("nobody asked").contains("first page", "First text");
      server.signal("HUP");
      server.awaitLine("templates and translations were read again");
      assertThat(server.get("/").body()).contains("second page", "Second text");

      Files.writeString(page, ours.replace("{/main}", "{nonsense}<p>third page</p>{/main}"));
      Files.writeString(texts, signIn("Third text"));
      server.signal("HUP");
      server.awaitLine("the pages stay as they were: " + page + ":");
      assertThat(server.get("/").body()).contains("second page", "Second text");

      server.signal("TERM");
      assertThat(server.awaitExit()).isZero();
    }
  }

  @Test
  void sighup_reads_providers_again_and_a_mistake_changes_none() throws Exception {
    var one =
        "upstream_oauth2:\n  providers:\n    - {id: 01KB0000000000000000000001, issuer: 'http://127.0.0.1:1',"
            + " client_id: us, token_endpoint_auth_method: none}\n";
    var two = one + one.lines().toList().getLast().replace("0001", "0002") + "\n";
    try (var server = new ShippedServer(folder)) {
      server.start(one);
      server.awaitLine("latchkey  - ready");
      server.awaitLine("provider 127.0.0.1:1: its metadata cannot be had: no connection");

      Files.writeString(folder.resolve("more.yaml"), two.replace("client_id: us", "client: us"));
      server.signal("HUP");
      server.awaitLine("providers stay as they were: " + folder.resolve("more.yaml") + ":3: ");

      Files.writeString(folder.resolve("more.yaml"), two);
      server.signal("HUP");
      server.awaitLine("the configuration of 2 providers was read again");
      assertThat(number(server, "select count(*) from latchkey.upstream_providers")).isEqualTo(2);

      Files.writeString(folder.resolve("more.yaml"), one);
      server.signal("HUP");
      server.awaitLine("the configuration of 1 providers was read again");
      assertThat(
              number(
                  server,
                  "select count(*) from latchkey.upstream_providers where disabled_at is null"))
          .isEqualTo(1);

      Files.delete(folder.resolve("more.yaml"));
      server.signal("HUP");
      server.awaitLine(
          "providers stay as they were: "
              + folder.resolve("more.yaml")
              + ": the file is not there any more");
      Files.writeString(folder.resolve("more.yaml"), "");
      server.signal("HUP");
      server.awaitLine(
          "providers stay as they were: "
              + folder.resolve("more.yaml")
              + ": the file is empty now");
      Files.writeString(folder.resolve("more.yaml"), two);
      server.signal("HUP");
      awaitTwice(server, "the configuration of 2 providers was read again");
      assertThat(server.said()).doesNotContain("the configuration of 0 providers");
    }
  }

  @Test
  void sighup_while_the_database_is_away_brings_it_the_providers_of_the_last_reading()
      throws Exception {
    try (var server = new ShippedServer(folder)) {
      connections(server, false);
      server.start(PROVIDERS + provider(1));
      server.awaitLine("waiting for the database");
      Files.writeString(folder.resolve("more.yaml"), PROVIDERS + provider(1) + provider(2));
      server.signal("HUP");
      server.awaitLine("through them: 127.0.0.1:1, 127.0.0.1:2; the database is not there yet");
      connections(server, true);
      server.awaitLine("latchkey  - ready");
      assertThat(number(server, ENABLED_PROVIDERS)).isEqualTo(2);

      connections(server, false);
      server.awaitLine("the database does not answer");
      Files.writeString(folder.resolve("more.yaml"), PROVIDERS + provider(2) + provider(3));
      server.signal("HUP");
      server.awaitLine("through them: 127.0.0.1:3; it is away");
      connections(server, true);
      server.awaitLine("the 2 providers that were read again are known to the database");
      assertThat(number(server, ENABLED_PROVIDERS + " and issuer <> 'http://127.0.0.1:1'"))
          .isEqualTo(2);
      assertThat(number(server, ENABLED_PROVIDERS)).isEqualTo(2);
    }
  }

  @Test
  void what_cannot_be_read_again_keeps_nothing_else_from_being() throws Exception {
    var texts = Files.createDirectory(folder.resolve("texts")).resolve("en.json");
    Files.writeString(texts, signIn("First text"));
    var one = new TlsFiles(Files.createDirectory(folder.resolve("one")));
    var two = new TlsFiles(Files.createDirectory(folder.resolve("two")));
    one.write("one");
    two.write("two");
    try (var server = new ShippedServer(folder)) {
      server.start(
          "templates: {translations_path: '%s'}\nhttp: {listeners: [%s, %s]}\n%s"
              .formatted(
                  texts.getParent(),
                  listener("one", one),
                  listener("two", two),
                  PROVIDERS + provider(1)));
      server.awaitLine("latchkey  - ready");

      makeHuge(one.key());
      makeHuge(texts);
      server.signal("HUP");

      server.awaitLine("listener one keeps its old certificate");
      server.awaitLine("the certificate of listener two was read again");
      server.awaitLine("the templates and translations could not be read again");
      server.awaitLine("the configuration of 1 providers was read again");
    }
  }

  @Test
  void started_by_nohup_it_tells_that_sighup_is_not_for_it() throws Exception {
    try (var server = new ShippedServer(folder)) {
      server.startBy("nohup");
      server.start("");
      server.awaitLine("latchkey  - ready");

      assertThat(server.said()).contains("WARN latchkey  - started by nohup or the like");
      server.signal("HUP");
      assertThat(server.get("/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void without_ipv6_every_address_is_every_address_of_ipv4() throws Exception {
    try (var server = new ShippedServer(folder)) {
      server.setVariable("JAVA_TOOL_OPTIONS", "-Djava.net.preferIPv4Stack=true");
      server.start("http: {listeners: [{resources: [{name: health}], binds: [{port: 0}]}]}\n");
      server.awaitLine("latchkey  - ready");

      var port =
          server.said().replaceFirst("(?s).*listening on http://0\\.0\\.0\\.0:(\\d+) .*", "$1");
      try (var socket = new Socket("127.0.0.1", Integer.parseInt(port))) {
        assertThat(socket.isConnected()).isTrue();
      }
    }
  }

  @Test
  void a_second_sigterm_does_not_wait_and_debug_tells_every_introspection() throws Exception {
    try (var server = new ShippedServer(folder)) {
      server.setVariable("RUST_LOG", "debug");
      server.start("");
      server.awaitLine("latchkey  - ready");
      assertThat(number(server, "select count(*) from latchkey.clients")).isEqualTo(4);
      for (int tries = 0; number(server, TASKS) == 0; tries++) {
        assertThat(tries).as("jobs are planned").isLessThan(100);
        Thread.sleep(100);
      }
      assertThat(introspect(server.port())).isEqualTo(200);
      server.awaitLine("DEBUG http.server.response POST-");

      try (var hanging = new Socket("localhost", server.port())) {
        var begun =
            "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\n\r\n";
        hanging.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
        Thread.sleep(500);
        server.signal("TERM");
        Thread.sleep(3000);
        assertThat(server.isAlive()).as("it waits for what is running").isTrue();

        server.signal("TERM");
        assertThat(server.awaitExit(Duration.ofSeconds(5))).isZero();
      }
    }
  }

  @Test
  void no_sync_no_worker_and_a_level_per_target_are_obeyed_and_migrate_is_passed_over()
      throws Exception {
    try (var server = new ShippedServer(folder)) {
      server.setVariable("RUST_LOG", "warn,latchkey=info,mas_handlers=debug");
      server.start(PROVIDERS + provider(1), "--no-sync", "--no-worker", "--migrate");
      server.awaitLine("latchkey  - ready");
      assertThat(server.said())
          .contains("not in the database yet", "127.0.0.1:1; with --no-sync this server leaves it");
      assertThat(number(server, ENABLED_PROVIDERS)).isZero();
      assertThat(server.said())
          .contains("warning: --migrate is the default and ignored")
          .contains("warning: RUST_LOG: nothing here is called mas_handlers=debug;");

      assertThat(server.get("/health").statusCode()).isEqualTo(200);
      assertThat(server.get("/nowhere").statusCode()).isEqualTo(404);
      server.awaitLine("WARN http.server.response GET-2 - \"GET /nowhere ");
      assertThat(server.said()).doesNotContain("\"GET /health ");
      // Long enough for a worker to have planned its jobs.
      Thread.sleep(1000);
      assertThat(number(server, TASKS)).isZero();
      assertThat(number(server, "select count(*) from latchkey.clients")).isZero();

      server.signal("TERM");
      assertThat(server.awaitExit()).isZero();
    }
  }

  @Test
  void without_listeners_it_works_and_listens_nowhere() throws Exception {
    try (var server = new ShippedServer(folder)) {
      server.startListeningNowhere();
      server.awaitLine("latchkey  - ready");
      for (int tries = 0; number(server, TASKS) == 0; tries++) {
        assertThat(tries).as("jobs are planned").isLessThan(100);
        Thread.sleep(100);
      }

      assertThat(server.said()).doesNotContain("listening on", "error", "ERROR");
      assertThatThrownBy(() -> server.get("/health")).isInstanceOf(ConnectException.class);

      server.signal("TERM");
      assertThat(server.awaitExit()).isZero();
    }
  }

  private static final String PROVIDERS = "upstream_oauth2:\n  providers:\n";
  private static final String ENABLED_PROVIDERS =
      "select count(*) from latchkey.upstream_providers where disabled_at is null";

  private static String provider(int number) {
    return "    - {id: 01KB000000000000000000000%1$d, issuer: 'http://127.0.0.1:%1$d', client_id: us, token_endpoint_auth_method: none}\n"
        .formatted(number);
  }

  private static String listener(String name, TlsFiles tls) {
    return "{name: %s, resources: [{name: health}], binds: [{host: localhost, port: 0}], tls: {certificate_file: '%s', key_file: '%s'}}"
        .formatted(name, tls.certificate(), tls.key());
  }

  /// More than anything of ours reads; takes no room on the disk.
  private static void makeHuge(Path file) throws IOException {
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(3L << 30);
    }
  }

  /// Whether anybody may connect to its database; nobody stays connected if not.
  private static void connections(ShippedServer server, boolean allowed) {
    var url = TestDatabase.configuration(server.database(), "postgres").jdbcUrl();
    var name = url.substring(url.lastIndexOf('/') + 1);
    var all = TestDatabase.server().getPostgresDatabase();
    TestDatabase.execute(all, "alter database %s allow_connections %s".formatted(name, allowed));
    if (!allowed) {
      TestDatabase.execute(
          all,
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'"
              .formatted(name));
    }
  }

  private static final String TASKS = "select count(*) from latchkey.scheduled_tasks";

  private static void awaitTwice(ShippedServer server, String words) throws InterruptedException {
    for (int tries = 0; server.said().split(Pattern.quote(words), -1).length < 3; tries++) {
      assertThat(tries).as("not said twice: " + words).isLessThan(6000);
      Thread.sleep(20);
    }
  }

  private static long number(ShippedServer server, String sql) {
    return TestDatabase.number(server.database(), sql);
  }

  private static int introspect(int port) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/oauth2/introspect"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "token=x&client_id=01KB0000000000000000000002&client_secret=postgeheim"))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  private static String signIn(String words) {
    return "{\"action\": {\"sign_in\": \"" + words + "\"}}";
  }
}
