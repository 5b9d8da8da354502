package latchkey.base.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import latchkey.base.web.Routes;
import latchkey.world.Certificates;
import latchkey.world.Doors;
import latchkey.world.House;
import latchkey.world.KeyEncoding;
import latchkey.world.Logs;
import latchkey.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sun.misc.Signal;

/// The listeners of a configuration, each asked over the wire it offers.
@QuarkusTest
@WithTestResource(House.class)
@Timeout(60)
class ListenersTest {
  @Inject World world;
  @Inject Vertx vertx;

  @BeforeEach
  void ready() {
    world.awaitReady();
  }

  @Test
  void a_route_answers_only_where_its_group_is_mounted() throws Exception {
    var client = HttpClient.newHttpClient();
    for (var route : Routes.all()) {
      for (var group : Doors.GROUPS) {
        var path = route.isPrefix() ? "x" : "";
        var url = "http://localhost:" + House.doors().port("only-" + group) + route.path() + path;
        // A method no route has: refused where the route is, unknown where it is not.
        var request = HttpRequest.newBuilder(URI.create(url)).DELETE().build();

        int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();

        boolean mounted = Group.of(route).equals(group);
        assertThat(status).as("%s on %s", route.path(), group).isEqualTo(mounted ? 405 : 404);
      }
    }
    assertThat(Routes.all().stream().map(Group::of)).containsAll(Doors.GROUPS);
  }

  /// The name of a route's group in the configuration.
  private static final class Group {
    static String of(Routes.Route route) {
      return switch (route.group()) {
        case DISCOVERY -> "discovery";
        case OAUTH -> "oauth";
        case COMPAT, COMPAT_SSO -> "compat";
        case HUMAN, HUMAN_BACK -> "human";
        case ASSETS -> "assets";
        case HEALTH -> "health";
        case PROMETHEUS -> "prometheus";
        case CONNECTION_INFO -> "connection-info";
      };
    }
  }

  @Test
  void under_tls_alpn_chooses_http_2_or_http_1_1() throws Exception {
    for (var version : HttpClient.Version.values()) {
      var client =
          HttpClient.newBuilder()
              .sslContext(Certificates.trustingAnybody())
              .version(version)
              .build();

      var answer = client.send(get("https", "tls", "/connection-info"), text());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.body()).contains("TLSv1.3");
    }
  }

  @Test
  void sighup_reads_the_certificate_again_and_a_broken_one_leaves_the_old() throws Exception {
    House.doors().tls().write("renewed");
    Signal.raise(new Signal("HUP"));
    awaitCertificate("renewed");

    Files.writeString(House.doors().tls().certificate(), "nonsense");
    keepsItsCertificate("renewed", "holds no PEM certificate");

    House.doors().tls().write("with the key of another");
    var another = KeyEncoding.pair("secp256r1").getPrivate();
    Files.writeString(House.doors().tls().key(), KeyEncoding.PKCS8_PEM.text(another, ""));
    keepsItsCertificate("renewed", "the key does not belong to the certificate");

    House.doors().tls().write("mended");
    Signal.raise(new Signal("HUP"));
    awaitCertificate("mended");
  }

  @Test
  void sighup_does_not_read_the_signing_keys_again() throws Exception {
    var client = HttpClient.newHttpClient();
    var before = client.send(get("http", "only-oauth", "/oauth2/keys.json"), text()).body();

    House.doors().addKey("second");
    House.doors().tls().write("with another key");
    Signal.raise(new Signal("HUP"));
    awaitCertificate("with another key");

    assertThat(client.send(get("http", "only-oauth", "/oauth2/keys.json"), text()).body())
        .isEqualTo(before);
  }

  private static void keepsItsCertificate(String name, String because) throws Exception {
    try (var logs = Logs.of(Listeners.class)) {
      Signal.raise(new Signal("HUP"));
      for (int tries = 0; logs.texts().isEmpty(); tries++) {
        assertThat(tries).as("waiting for a line").isLessThan(600);
        Thread.sleep(50);
      }
      assertThat(logs.texts())
          .singleElement()
          .asString()
          .startsWith("listener tls keeps its old certificate: ")
          .contains(because);
    }
    assertThat(certificateName()).isEqualTo("CN=" + name);
  }

  private static void awaitCertificate(String name) throws Exception {
    for (int tries = 0; !certificateName().equals("CN=" + name); tries++) {
      assertThat(tries).isLessThan(600);
      Thread.sleep(50);
    }
  }

  private static String certificateName() throws Exception {
    try (var socket =
        (SSLSocket)
            Certificates.trustingAnybody()
                .getSocketFactory()
                .createSocket("localhost", House.doors().port("tls"))) {
      socket.startHandshake();
      var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return leaf.getSubjectX500Principal().getName();
    }
  }

  @Test
  void http_2_is_spoken_in_the_clear_with_prior_knowledge() throws Exception {
    var answer = http2(HttpMethod.GET, "/connection-info", "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("HTTP/2");
  }

  @Test
  void the_limits_hold_on_http_2_too() throws Exception {
    var long9k = "/oauth2/keys.json?x=" + "y".repeat(9 * 1024);
    var big = "x".repeat(1024 * 1024);

    assertThat(http2(HttpMethod.GET, long9k, "").status()).isEqualTo(414);
    assertThat(http2(HttpMethod.POST, "/oauth2/token", big).status()).isEqualTo(413);
    var client = HttpClient.newBuilder().sslContext(Certificates.trustingAnybody()).build();
    var tooMuch =
        HttpRequest.newBuilder(get("https", "tls", "/health"), (_, _) -> true)
            .header("x-big", "y".repeat(17 * 1024))
            .build();
    var refused = client.send(tooMuch, text());
    assertThat(refused.statusCode()).isEqualTo(431);
    assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
  }

  private record Http2Answer(int status, String body) {}

  private Http2Answer http2(HttpMethod method, String path, String body) throws Exception {
    var client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    var options =
        new RequestOptions()
            .setMethod(method)
            .setHost("localhost")
            .setPort(House.port())
            .setURI(path);
    if (path.equals("/connection-info")) {
      options.setPort(House.doors().port("only-connection-info"));
    }
    return client
        .request(options)
        .compose(
            request -> {
              // Before it is sent: a body that comes before somebody waits for it is lost.
              var answer =
                  request
                      .response()
                      .compose(
                          response ->
                              response
                                  .body()
                                  .map(
                                      bytes ->
                                          new Http2Answer(
                                              response.statusCode(), bytes.toString())));
              return request.send(Buffer.buffer(body)).compose(_ -> answer);
            })
        .onComplete(_ -> client.close())
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  @Test
  void the_proxy_protocol_names_the_client_and_nothing_else_does() throws Exception {
    var request = "X-Forwarded-For: 192.0.2.99\r\n";

    var named = raw("proxied", "PROXY TCP4 198.51.100.7 127.0.0.1 4711 80\r\n", request);
    var local = raw("proxied", "PROXY UNKNOWN\r\n", request);

    assertThat(named).contains("client address:   198.51.100.7");
    assertThat(local).contains("client address:   127.0.0.1");
  }

  @Test
  void without_its_header_a_connection_to_a_proxied_listener_is_closed() throws Exception {
    assertThat(raw("proxied", "", "")).isEmpty();
  }

  @Test
  void a_trusted_peer_names_the_client_and_a_list_is_read_from_its_end() throws Exception {
    assertThat(raw("only-connection-info", "", "X-Forwarded-For: 203.0.113.5\r\n"))
        .contains("client address:   203.0.113.5");
    assertThat(
            raw("only-connection-info", "", "X-Forwarded-For: 6.6.6.6, 203.0.113.5, 10.1.2.3\r\n"))
        .contains("client address:   203.0.113.5");
    assertThat(raw("only-connection-info", "", "X-Forwarded-For: nonsense\r\n"))
        .contains("client address:   127.0.0.1");
  }

  @Test
  void what_a_client_writes_before_its_proxy_does_never_counts() throws Exception {
    var invented = "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.5\r\n";
    var flood = "X-Forwarded-For: " + "6.6.6.6, ".repeat(100) + "203.0.113.5\r\n";

    for (var headers :
        new String[] {
          invented,
          flood,
          "X-Forwarded-For: 6.6.6.6, 203.0.113.5:4711\r\n",
          "X-Forwarded-For: 6.6.6.6, [2001:db8::5]:4711\r\n"
        }) {
      assertThat(raw("only-connection-info", "", headers))
          .containsPattern("client address:   (203\\.0\\.113\\.5|2001:db8:0:0:0:0:0:5)\n");
    }
  }

  @Test
  void a_unix_socket_replaces_a_stale_one_and_has_its_mode() throws Exception {
    var socket = House.doors().socket();

    var answer =
        exchange(
            UnixDomainSocketAddress.of(socket),
            "GET /connection-info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200").contains("client address:   unknown");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
  }

  @Test
  void behind_a_unix_socket_the_proxy_names_the_client() throws Exception {
    var answer =
        exchange(
            UnixDomainSocketAddress.of(House.doors().socket()),
            "GET /connection-info HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.5\r\n"
                + "Connection: close\r\n\r\n");

    assertThat(answer).contains("client address:   203.0.113.5");
  }

  @Test
  void a_prefix_stands_before_every_path_of_its_listener() throws Exception {
    var client = HttpClient.newHttpClient();

    assertThat(client.send(get("http", "prefixed", "/below/health"), text()).statusCode())
        .isEqualTo(200);
    assertThat(client.send(get("http", "prefixed", "/below/oauth2/keys.json"), text()).body())
        .contains("\"keys\"");
    var refused =
        HttpRequest.newBuilder(get("http", "prefixed", "/below/oauth2/token"), (_, _) -> true)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("grant_type=x"))
            .build();
    assertThat(client.send(refused, text()).body()).contains("\"error\"");
    for (var path : new String[] {"/health", "/belowhealth", "/below/below/health", "/"}) {
      assertThat(client.send(get("http", "prefixed", path), text()).statusCode())
          .as(path)
          .isEqualTo(404);
    }
  }

  private static HttpRequest get(String scheme, String door, String path) {
    return HttpRequest.newBuilder(
            URI.create(scheme + "://localhost:" + House.doors().port(door) + path))
        .timeout(Duration.ofSeconds(20))
        .build();
  }

  private static HttpResponse.BodyHandler<String> text() {
    return HttpResponse.BodyHandlers.ofString();
  }

  private static String raw(String door, String before, String headers) throws IOException {
    return exchange(
        new InetSocketAddress("localhost", House.doors().port(door)),
        before
            + "GET /connection-info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + headers
            + "\r\n");
  }

  private static String exchange(SocketAddress address, String sent) throws IOException {
    try (var channel = SocketChannel.open(address)) {
      return exchange(channel, sent);
    }
  }

  private static String exchange(SocketChannel channel, String sent) throws IOException {
    try {
      channel.write(ByteBuffer.wrap(sent.getBytes(StandardCharsets.US_ASCII)));
      var answer = new StringBuilder();
      var buffer = ByteBuffer.allocate(8192);
      while (channel.read(buffer) >= 0) {
        answer.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        buffer.clear();
      }
      return answer.toString();
    } catch (java.net.SocketException e) {
      return ""; // closed on us
    }
  }
}
