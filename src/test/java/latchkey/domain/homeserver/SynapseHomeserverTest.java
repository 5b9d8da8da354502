package latchkey.domain.homeserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import latchkey.base.crypto.Secret;
import latchkey.domain.homeserver.Homeserver.Account;
import latchkey.domain.homeserver.HomeserverProblem.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SynapseHomeserverTest {
  private static final String SECRET = "geheim-zwischen-uns";
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration SHORT = Duration.ofMillis(300);

  private record Call(String line, String authorization, String body) {}

  private final List<Call> calls = new ArrayList<>();
  private HttpServer server;
  private volatile int status = 200;
  private volatile String answer = "{}";

  @BeforeEach
  void a_homeserver_listens() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  @AfterEach
  void it_stops() {
    server.stop(0);
  }

  @Test
  void only_members_with_a_value_are_sent_when_an_account_is_provisioned() {
    status = 201;

    boolean created =
        homeserver()
            .provisionUser(new Account("01ALICE", "alice", List.of("a@example.org"), true, null));

    assertThat(created).isTrue();
    assertThat(calls.getFirst().line()).isEqualTo("POST /_synapse/mas/provision_user");
    assertThat(calls.getFirst().authorization()).isEqualTo("Bearer " + SECRET);
    assertThat(new JsonObject(calls.getFirst().body()))
        .isEqualTo(
            new JsonObject()
                .put("localpart", "alice")
                .put("locked", true)
                .put("set_emails", new JsonArray().add("a@example.org")));
  }

  @Test
  void an_account_without_addresses_has_them_unset() {
    boolean created =
        homeserver().provisionUser(new Account("01ALICE", "alice", List.of(), false, "Alice"));

    assertThat(created).isFalse();
    assertThat(new JsonObject(calls.getFirst().body()))
        .isEqualTo(
            new JsonObject()
                .put("localpart", "alice")
                .put("locked", false)
                .put("unset_emails", true)
                .put("set_displayname", "Alice"));
  }

  @Test
  void an_endpoint_below_a_path_keeps_it_and_query_values_are_encoded() {
    status = 200;
    answer = "{\"display_name\":\"Alice & Bob\"}";

    var profile = homeserver("/below/", DEADLINE).queryUser("a+b=c/d");

    assertThat(profile.displayName()).contains("Alice & Bob");
    assertThat(calls.getFirst().line())
        .isEqualTo("GET /below/_synapse/mas/query_user?localpart=a%2Bb%3Dc%2Fd");
  }

  @Test
  void device_names_are_cut_to_what_the_homeserver_takes_and_never_inside_a_character() {
    homeserver().upsertDevice("alice", "DEVICE", "😀".repeat(150));

    assertThat(new JsonObject(calls.getFirst().body()).getString("display_name"))
        .isEqualTo("😀".repeat(100));
  }

  @ParameterizedTest
  @CsvSource({"200,,true", "400,M_USER_IN_USE,false", "400,M_EXCLUSIVE,false"})
  void availability_is_told_by_errcode(int status, String errcode, boolean available) {
    this.status = status;
    this.answer = errcode == null ? "{}" : "{\"errcode\":\"" + errcode + "\"}";

    assertThat(homeserver().isLocalpartAvailable("alice")).isEqualTo(available);
  }

  @ParameterizedTest
  @CsvSource({
    "401,M_MISSING_TOKEN,WRONG_SECRET",
    "403,M_UNKNOWN,WRONG_SECRET",
    "404,M_UNRECOGNIZED,NOT_ENABLED",
    "404,,NOT_ENABLED",
    "404,M_NOT_FOUND,NOT_FOUND",
    "400,M_UNKNOWN,REFUSED",
    "302,,SERVER_ERROR",
    "400,,SERVER_ERROR",
    "413,,SERVER_ERROR",
    "429,M_LIMIT_EXCEEDED,SERVER_ERROR",
    "500,M_UNKNOWN,SERVER_ERROR",
    "502,,SERVER_ERROR"
  })
  void a_failure_is_told_apart_by_kind_and_never_taken_for_availability(
      int status, String errcode, Kind kind) {
    this.status = status;
    this.answer =
        errcode == null ? "<html>" : "{\"errcode\":\"" + errcode + "\",\"error\":\"words\"}";

    var problem =
        catchThrowableOfType(
            HomeserverProblem.class, () -> homeserver().isLocalpartAvailable("alice"));

    assertThat(problem.kind()).isEqualTo(kind);
    assertThat(problem.errcode()).isEqualTo(errcode);
    assertThat(calls).hasSize(1);
  }

  @Test
  void a_redirect_is_told_with_where_it_leads_and_makes_the_homeserver_suspect() {
    status = 302;

    var problem =
        catchThrowableOfType(HomeserverProblem.class, () -> homeserver().queryUser("alice"));

    assertThat(problem)
        .hasMessageContaining("matrix.endpoint answers with a redirect to /elsewhere");
    assertThat(problem.isAboutTheRequest()).isFalse();
  }

  @Test
  void deleting_a_device_of_an_unknown_user_is_done() {
    status = 404;
    answer = "{\"errcode\":\"M_NOT_FOUND\"}";

    homeserver().deleteDevice("nobody", "DEVICE");

    assertThat(calls.getFirst().line()).isEqualTo("POST /_synapse/mas/delete_device");
  }

  @Test
  void nobody_listening_is_unreachable() {
    server.stop(0);

    assertKind(Kind.UNREACHABLE, () -> homeserver().unsetDisplayName("alice"));
  }

  @Test
  void an_answer_without_end_is_not_read_without_end() {
    answer = "{\"display_name\":\"" + "x".repeat(1024 * 1024) + "\"}";

    assertKind(Kind.UNREACHABLE, () -> homeserver().queryUser("alice"));
  }

  @Test
  void the_deadline_covers_a_dripping_body_and_giving_up_closes_the_connection() throws Exception {
    try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var hungUp = drip(socket);
      var homeserver = homeserver("http://127.0.0.1:" + socket.getLocalPort() + "/", SECRET, SHORT);

      assertKind(Kind.TIMEOUT, () -> homeserver.queryUser("alice"));
      assertThat(hungUp.get(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_silent_homeserver_times_out() throws IOException {
    try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var homeserver = homeserver("http://127.0.0.1:" + socket.getLocalPort() + "/", SECRET, SHORT);

      assertKind(Kind.TIMEOUT, () -> homeserver.deleteDevice("alice", "DEVICE"));
    }
  }

  @Test
  void callers_beyond_the_thirty_second_are_sent_away_while_the_homeserver_hangs()
      throws Exception {
    var inside = new CountDownLatch(32);
    var goOn = new CountDownLatch(1);
    server.createContext(
        "/hangs/",
        exchange -> {
          inside.countDown();
          await(goOn);
          take(exchange);
        });
    var homeserver = homeserver("/hangs/", Duration.ofSeconds(20));

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 32; i++) {
        threads.submit(() -> homeserver.queryUser("alice"));
      }
      await(inside);

      assertThatThrownBy(() -> homeserver.queryUser("bob"))
          .isInstanceOf(HomeserverProblem.class)
          .hasMessageContaining("too many calls");
      goOn.countDown();
    }

    assertThat(homeserver.queryUser("bob").displayName()).isEmpty();
  }

  @Test
  void a_secret_that_fits_in_no_header_is_not_told() {
    var homeserver = homeserver(url("/"), "geheim€\nzeile", DEADLINE);

    var problem =
        catchThrowableOfType(HomeserverProblem.class, () -> homeserver.queryUser("alice"));

    assertThat(problem.kind()).isEqualTo(Kind.WRONG_SECRET);
    assertThat(stack(problem)).doesNotContain("geheim", "zeile");
  }

  @Test
  void no_problem_tells_the_secret() {
    status = 403;
    answer = "{\"errcode\":\"M_UNKNOWN\",\"error\":\"" + SECRET + "\"}";

    var problem =
        catchThrowableOfType(HomeserverProblem.class, () -> homeserver().queryUser("alice"));

    assertThat(problem).hasMessageContaining("does not accept matrix.secret");
    assertThat(stack(problem)).doesNotContain(SECRET);
  }

  @Test
  void only_the_shared_secret_is_its_token() {
    assertThat(homeserver().verifyToken(Secret.of(SECRET))).isTrue();
    assertThat(homeserver().verifyToken(Secret.of(SECRET + "x"))).isFalse();
    assertThat(homeserver().verifyToken(Secret.of(""))).isFalse();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      synchronized (calls) {
        calls.add(
            new Call(
                exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      }
      if (status == 302) {
        exchange.getResponseHeaders().add("Location", "/elsewhere");
      }
      var bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /// Sends a header, then a byte now and then until the other side hangs up.
  private static CompletableFuture<Boolean> drip(ServerSocket socket) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (var peer = socket.accept()) {
            var out = peer.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".getBytes());
            for (int i = 0; i < 100_000; i++) {
              out.write(' ');
              out.flush();
              peer.setSoTimeout(20);
              if (hasHungUp(peer)) {
                return true;
              }
            }
            return false;
          } catch (IOException e) {
            return true;
          }
        },
        Thread::startVirtualThread);
  }

  private static boolean hasHungUp(java.net.Socket peer) throws IOException {
    try {
      while (peer.getInputStream().read() >= 0) {
        // the request
      }
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    }
  }

  private static void assertKind(
      Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThat(catchThrowableOfType(HomeserverProblem.class, call).kind()).isEqualTo(kind);
  }

  private static String stack(Throwable problem) {
    var text = new StringWriter();
    problem.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Homeserver homeserver() {
    return homeserver("/", DEADLINE);
  }

  private Homeserver homeserver(String path, Duration deadline) {
    return homeserver(url(path), SECRET, deadline);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static Homeserver homeserver(String endpoint, String secret, Duration deadline) {
    return new SynapseHomeserver(
        new MatrixConfig(
            MatrixConfig.Dialect.SYNAPSE, "example.com", URI.create(endpoint), Secret.of(secret)),
        deadline,
        new HomeserverHealth(Clock.systemUTC()));
  }
}
