package latchkey.domain.homeserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import latchkey.base.crypto.Secret;
import latchkey.domain.homeserver.Homeserver.Account;
import latchkey.domain.homeserver.HomeserverProblem.Kind;
import latchkey.domain.homeserver.MatrixConfig.Dialect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each verb in each `matrix.kind`, call by call (`homeserver.md` 2 and 4).
class HomeserverKindsTest {
  private static final String ALICE = "/_synapse/admin/v2/users/%40alice%3Aexample.com";

  private record Answer(int status, String body) {}

  private final List<String> calls = new ArrayList<>();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final HomeserverHealth health = new HomeserverHealth(Clock.systemUTC());
  private HttpServer server;

  @BeforeEach
  void a_homeserver_listens() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  @AfterEach
  void it_stops() {
    server.stop(0);
  }

  @Test
  void accounts_end_and_come_back_over_the_modern_api() {
    var modern = homeserver(Dialect.SYNAPSE);

    modern.deleteUser("alice", true);
    modern.reactivateUser("alice");
    modern.allowCrossSigningReset("alice");

    assertThat(calls)
        .containsExactly(
            "POST /_synapse/mas/delete_user {\"localpart\":\"alice\",\"erase\":true}",
            "POST /_synapse/mas/reactivate_user {\"localpart\":\"alice\"}",
            "POST /_synapse/mas/allow_cross_signing_reset {\"localpart\":\"alice\"}");
  }

  @Test
  void a_legacy_account_is_linked_by_its_subject_and_its_lock_is_not_told() {
    answers.add(new Answer(201, "{}"));

    boolean created =
        homeserver(Dialect.SYNAPSE_LEGACY)
            .provisionUser(
                new Account("01ALICE", "alice", List.of("a@example.org"), true, "Alice"));

    assertThat(created).isTrue();
    assertThat(calls)
        .containsExactly(
            "PUT "
                + ALICE
                + " {\"external_ids\":[{\"auth_provider\":\"oauth-delegated\",\"external_id\":\"01ALICE\"}],"
                + "\"threepids\":[{\"medium\":\"email\",\"address\":\"a@example.org\"}],\"displayname\":\"Alice\"}");
  }

  static Stream<Verb> legacyVerbs() {
    return Stream.of(
        new Verb(h -> h.queryUser("alice"), "GET " + ALICE + " "),
        new Verb(
            h -> h.upsertDevice("alice", "A/B", "Phone"),
            "POST " + ALICE + "/devices {\"device_id\":\"A/B\"}",
            "PUT " + ALICE + "/devices/A%2FB {\"display_name\":\"Phone\"}"),
        new Verb(
            h -> h.upsertDevice("alice", "A B", null),
            "POST " + ALICE + "/devices {\"device_id\":\"A B\"}"),
        new Verb(
            h -> h.updateDeviceDisplayName("alice", "A B", "Phone"),
            "PUT " + ALICE + "/devices/A%20B {\"display_name\":\"Phone\"}"),
        new Verb(h -> h.deleteDevice("alice", ".."), "DELETE " + ALICE + "/devices/%2E%2E "),
        new Verb(h -> h.deleteDevice("alice", "AB"), "DELETE " + ALICE + "/devices/AB "),
        new Verb(
            h -> h.deleteUser("alice", false),
            "POST /_synapse/admin/v1/deactivate/%40alice%3Aexample.com {\"erase\":false}"),
        new Verb(h -> h.reactivateUser("alice"), "PUT " + ALICE + " {\"deactivated\":false}"),
        new Verb(
            h -> h.setDisplayName("alice", "Alice"),
            "PUT /_matrix/client/v3/profile/%40alice%3Aexample.com/displayname"
                + " {\"displayname\":\"Alice\"}"),
        new Verb(
            h -> h.unsetDisplayName("alice"),
            "PUT /_matrix/client/v3/profile/%40alice%3Aexample.com/displayname"
                + " {\"displayname\":\"\"}"),
        new Verb(
            h -> h.allowCrossSigningReset("alice"),
            "POST /_synapse/admin/v1/users/%40alice%3Aexample.com"
                + "/_allow_cross_signing_replacement_without_uia {}"));
  }

  private record Verb(Consumer<Homeserver> act, List<String> expected) {
    Verb(Consumer<Homeserver> act, String... expected) {
      this(act, List.of(expected));
    }
  }

  @ParameterizedTest
  @MethodSource("legacyVerbs")
  void each_legacy_verb_is_spelled_for_the_admin_api(Verb verb) {
    verb.act().accept(homeserver(Dialect.SYNAPSE_LEGACY));

    assertThat(calls).isEqualTo(verb.expected());
  }

  @Test
  void legacy_devices_are_brought_to_what_is_wanted_and_the_dehydrated_one_is_spared() {
    answers.add(
        new Answer(
            200,
            "{\"devices\":[{\"device_id\":\"KEPT\"},{\"device_id\":\"OLD\"},"
                + "{\"device_id\":\"SLEEPS\",\"dehydrated\":true}]}"));

    homeserver(Dialect.SYNAPSE_LEGACY).syncDevices("alice", List.of("NEW", "KEPT"));

    assertThat(calls)
        .containsExactly(
            "GET " + ALICE + "/devices ",
            "POST " + ALICE + "/delete_devices {\"devices\":[\"OLD\"]}",
            "POST " + ALICE + "/devices {\"device_id\":\"NEW\"}");
  }

  @Test
  void answers_of_a_strange_shape_are_no_crash_and_no_reason_to_delete() {
    var legacy = homeserver(Dialect.SYNAPSE_LEGACY);
    answers.add(new Answer(200, "{\"displayname\":7}"));
    assertThat(legacy.queryUser("alice").displayName()).isEmpty();
    answers.add(new Answer(200, "{\"available\":\"yes\"}"));
    assertThat(legacy.isLocalpartAvailable("alice")).isFalse();
    answers.add(new Answer(200, "{\"display_name\":[]}"));
    assertThat(homeserver(Dialect.SYNAPSE).queryUser("alice").displayName()).isEmpty();

    answers.add(new Answer(200, "{\"devices\":{}}"));
    assertKind(Kind.SERVER_ERROR, () -> legacy.syncDevices("alice", List.of("NEW")));
    assertThat(calls).hasSize(4);
  }

  @Test
  void a_legacy_name_is_taken_by_answer_or_by_errcode() {
    answers.add(new Answer(200, "{\"available\":true}"));
    answers.add(new Answer(400, "{\"errcode\":\"M_USER_IN_USE\"}"));
    answers.add(new Answer(500, "{}"));
    var legacy = homeserver(Dialect.SYNAPSE_LEGACY);

    assertThat(legacy.isLocalpartAvailable("alice")).isTrue();
    assertThat(legacy.isLocalpartAvailable("alice")).isFalse();
    assertKind(Kind.SERVER_ERROR, () -> legacy.isLocalpartAvailable("alice"));
    assertThat(calls.getFirst())
        .isEqualTo("GET /_synapse/admin/v1/username_available?username=alice ");
  }

  @ParameterizedTest
  @EnumSource(
      value = Dialect.class,
      names = {"SYNAPSE", "SYNAPSE_LEGACY"})
  void whom_it_does_not_know_needs_no_deactivation_and_has_no_device(Dialect kind) {
    for (int i = 0; i < 2; i++) {
      answers.add(new Answer(404, "{\"errcode\":\"M_NOT_FOUND\"}"));
    }

    homeserver(kind).deleteUser("nobody", true);
    homeserver(kind).deleteDevice("nobody", "PHONE");

    assertThat(calls).hasSize(2);
    assertThat(health.state().word()).isEqualTo("well");
  }

  @ParameterizedTest
  @EnumSource(
      value = Dialect.class,
      names = {"SYNAPSE", "SYNAPSE_LEGACY"})
  void asking_whether_it_is_there_tells_a_wrong_secret_from_a_missing_name(Dialect kind) {
    var homeserver = homeserver(kind);
    answers.add(new Answer(400, "{\"errcode\":\"M_MISSING_PARAM\"}"));
    homeserver.ping();
    assertThat(health.state().word()).isEqualTo("well");

    answers.add(new Answer(403, "{\"errcode\":\"M_UNKNOWN\"}"));
    assertKind(Kind.WRONG_SECRET, homeserver::ping);
    assertThat(health.state().word()).isEqualTo("wrong-secret");

    answers.add(new Answer(404, "<html>"));
    assertKind(Kind.NOT_ENABLED, homeserver::ping);
    answers.add(new Answer(400, "<html>"));
    assertKind(Kind.SERVER_ERROR, homeserver::ping);
    assertThat(health.state().word()).isEqualTo("server-error");
    server.stop(0);
    assertKind(Kind.UNREACHABLE, homeserver::ping);
    assertThat(health.state().word()).isEqualTo("unreachable");
  }

  @Test
  void one_that_may_only_be_read_is_told_nothing() {
    var readOnly = homeserver(Dialect.SYNAPSE_READ_ONLY);

    assertThat(readOnly.isLocalpartAvailable("alice")).isTrue();
    readOnly.queryUser("alice");
    int reads = calls.size();
    List<Runnable> writes =
        List.of(
            () -> readOnly.provisionUser(new Account("01", "alice", List.of(), false, null)),
            () -> readOnly.upsertDevice("alice", "A", null),
            () -> readOnly.updateDeviceDisplayName("alice", "A", "x"),
            () -> readOnly.deleteDevice("alice", "A"),
            () -> readOnly.syncDevices("alice", List.of()),
            () -> readOnly.deleteUser("alice", false),
            () -> readOnly.reactivateUser("alice"),
            () -> readOnly.setDisplayName("alice", "x"),
            () -> readOnly.unsetDisplayName("alice"),
            () -> readOnly.allowCrossSigningReset("alice"));
    writes.forEach(write -> assertKind(Kind.READ_ONLY, write::run));

    assertThat(calls).hasSize(reads).hasSize(2);
    assertThat(new HomeserverPeer(readOnly).isSuspect(HomeserverProblem.of(Kind.READ_ONLY, "")))
        .isTrue();
    assertKind(Kind.READ_ONLY, readOnly::ping);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
      var answer = answers.isEmpty() ? new Answer(200, "{}") : answers.removeFirst();
      var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static void assertKind(
      Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThat(catchThrowableOfType(HomeserverProblem.class, call).kind()).isEqualTo(kind);
  }

  private Homeserver homeserver(Dialect kind) {
    var endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    return Homeservers.of(
        new MatrixConfig(kind, "example.com", endpoint, Secret.of("geheim")),
        Duration.ofSeconds(5),
        health);
  }
}
