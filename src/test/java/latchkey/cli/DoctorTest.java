package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import latchkey.TestDatabase;
import latchkey.base.system.Ids;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `latchkey doctor` beside one server that plays site, proxy, homeserver and Latchkey, in which a
/// test breaks one thing.
class DoctorTest {
  private static final String SECRET = "geheim";

  private record Answer(int status, String body) {}

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private final Map<String, Answer> answers = new HashMap<>();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private String exposed = "";
  private String location = "";
  private HttpServer server;

  @BeforeEach
  void all_is_well() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
    var metadata = new Answer(200, "{\"issuer\":\"" + url() + "\"}");
    answers.put("GET /.well-known/openid-configuration", metadata);
    answers.put("GET /_matrix/client/v1/auth_metadata", metadata);
    answers.put("GET /_matrix/client/unstable/org.matrix.msc2965/auth_metadata", metadata);
    answers.put(
        "GET /.well-known/matrix/client",
        new Answer(200, "{\"m.homeserver\":{\"base_url\":\"" + url() + "\"}}"));
    answers.put("GET /_matrix/client/versions", new Answer(200, "{\"versions\":[]}"));
    answers.put("GET /_matrix/client/v3/account/whoami", new Answer(401, "{}"));
    answers.put("GET /_synapse/mas/is_localpart_available", new Answer(400, "{}"));
    var flows =
        new Answer(200, "{\"flows\":[{\"type\":\"m.login.sso\",\"oauth_aware_preferred\":true}]}");
    for (var version : new String[] {"v3", "r0"}) {
      answers.put("GET /_matrix/client/" + version + "/login", flows);
      answers.put("POST /_matrix/client/" + version + "/logout", new Answer(401, "{}"));
    }
    answers.put("GET /_matrix/client/v3/login/sso/redirect", new Answer(400, "{}"));
    answers.put("POST /_matrix/client/v3/logout/all", new Answer(401, "{}"));
    answers.put("POST /_matrix/client/v3/refresh", new Answer(401, "{}"));
  }

  @AfterEach
  void it_stops() {
    server.stop(0);
  }

  @Test
  void of_a_house_in_order_there_is_nothing_to_say_but_that_it_has_no_tls() throws IOException {
    var run = doctor();

    assertThat(run.exit()).isZero();
    assertThat(run.err())
        .contains("ok:      it takes matrix.secret")
        .contains("ok:      auth_metadata is answered by Latchkey")
        .contains("ok:      the login of clients that know no OAuth reaches Latchkey")
        .contains("is not https")
        .doesNotContain("error:", SECRET);
    assertThat(run.err().lines().filter(line -> line.startsWith("warning:"))).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /_synapse/mas/is_localpart_available | 403 | error:   the homeserver does not take"
            + " matrix.secret",
        "GET /_synapse/mas/is_localpart_available | 404 | matrix_authentication_service: {enabled:"
            + " true}",
        "GET /_synapse/mas/is_localpart_available | 502 | answers 502, not 400",
        "GET /_matrix/client/v3/account/whoami | 503 | error:   the homeserver cannot ask Latchkey",
        "GET /_matrix/client/v3/account/whoami | 200 | takes a token that is none",
        "GET /_matrix/client/v3/account/whoami | 404 | answers 404 to a token that is none",
        "GET /_matrix/client/versions | 502 | must be the base URL of a homeserver",
        "GET /.well-known/matrix/client | 404 | \"base_url\": \"https://matrix.example.com/\"",
        "GET /.well-known/openid-configuration | 502 | That host is Latchkey's",
        "GET /_matrix/client/v1/auth_metadata | 500 | nginx:    location ~"
            + " ^/_matrix/client/(v1|unstable",
        "GET /_matrix/client/r0/login | 404 | do not reach Latchkey",
        "POST /_matrix/client/v3/logout | 404 | POST /_matrix/client/v3/logout",
        "POST /_matrix/client/v3/logout/all | 404 | POST /_matrix/client/v3/logout/all",
        "POST /_matrix/client/v3/refresh | 404 | POST /_matrix/client/v3/refresh",
        "GET /_matrix/client/v3/login/sso/redirect | 404 | GET /_matrix/client/v3/login/sso/redirect"
      })
  void what_is_broken_is_said_with_what_to_do(String request, int status, String words)
      throws IOException {
    answers.put(request, new Answer(status, "{}"));

    var run = doctor();

    assertThat(run.exit()).isZero();
    assertThat(run.err()).contains(words).doesNotContain(SECRET);
  }

  @Test
  void a_login_that_the_homeserver_itself_answers_is_told_with_the_words_of_four_proxies()
      throws IOException {
    var synapses = new Answer(200, "{\"flows\":[{\"type\":\"m.login.password\"}]}");
    answers.put("GET /_matrix/client/v3/login", synapses);

    assertThat(doctor().err())
        .contains("warning:", "GET /_matrix/client/v3/login")
        .contains("nginx: ", "Caddy: ", "Traefik: ", "Apache: ");
  }

  @Test
  void auth_metadata_of_synapse_is_told_from_ours() throws IOException {
    exposed = "Synapse-Trace-Id, Server";

    assertThat(doctor().err()).contains("is answered by Synapse");
  }

  @Test
  void without_a_homeserver_its_questions_are_left_out() throws IOException {
    answers.remove("GET /_matrix/client/versions");

    assertThat(doctor().err()).doesNotContain("matrix.secret", "token that is none");
  }

  @Test
  void nobody_there_is_told_and_exits_with_0() throws IOException {
    server.stop(0);

    var run = doctor();

    assertThat(run.exit()).isZero();
    assertThat(run.err()).contains("cannot be reached").doesNotContain("\tat ");
  }

  @Test
  void a_server_name_with_a_port_is_refused() throws IOException {
    var run = doctor("matrix: {homeserver: 'localhost:8008'}\n");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("localhost:8008 is no host without a port");
  }

  @ParameterizedTest
  @CsvSource({"/_synapse/mas/is_localpart_available", "/_matrix/client/versions"})
  void a_redirect_at_the_endpoint_is_told_with_where_it_leads_and_not_followed(String path)
      throws IOException {
    answers.put("GET " + path, new Answer(308, "{}"));
    location = url() + "elsewhere";

    assertThat(doctor().err())
        .contains("answers with a redirect to " + url() + "elsewhere", "matrix.endpoint must be")
        .doesNotContain("does not take", SECRET);
    assertThat(asked).doesNotContain("GET /elsewhere");
  }

  @Test
  void each_provider_is_asked_for_its_metadata_and_keys() throws IOException {
    var issuer = url() + "realm";
    var metadata =
        "{\"issuer\":\"%1$s\",\"authorization_endpoint\":\"%1$s/a\",\"token_endpoint\":\"%1$s/t\",\"jwks_uri\":\"%1$s/k\"}"
            .formatted(issuer);
    var upstream =
        """
        upstream_oauth2:
          providers:
            - {id: 01KB0000000000000000000001, issuer: '%s', human_name: Work, client_id: us,
               token_endpoint_auth_method: client_secret_basic, client_secret: geheimer}
            - {id: 01KB0000000000000000000002, issuer: '%s', client_id: us, enabled: false,
               token_endpoint_auth_method: none}
        """
            .formatted(issuer, issuer);
    assertThat(doctor(upstream).err())
        .contains(
            "error:   nobody can sign in through Work: its metadata cannot be had: ",
            "answers 404",
            "is issuer right, to the letter")
        .doesNotContain("geheimer", "the provider 127.0.0.1");

    answers.put("GET /realm/.well-known/openid-configuration", new Answer(200, metadata));
    assertThat(doctor(upstream).err()).contains("Work: its keys cannot be had");

    answers.put("GET /realm/k", new Answer(200, "{\"keys\":[]}"));
    assertThat(doctor(upstream).err()).contains("ok:      the provider Work answers");
    assertThat(doctor(upstream.replaceFirst("realm'", "realm/'")).err())
        .contains("of the issuer " + issuer + ", not " + issuer + "/");
  }

  @Test
  void whom_nobody_can_be_asked_about_is_counted_where_they_are_to_be() throws IOException {
    var database = TestDatabase.fresh();
    var upstream =
        """
        upstream_oauth2:
          providers:
            - {id: 01KB0000000000000000000001, issuer: '%1$srealm', human_name: Work, client_id: us, token_endpoint_auth_method: none}
            - {id: 01KB0000000000000000000002, issuer: '%1$sother', human_name: Club, client_id: us, token_endpoint_auth_method: none}
        database: {uri: '%2$s'}
        """
            .formatted(url(), TestDatabase.uri(database));
    var revalidating = upstream + "latchkey: {upstream: {revalidate: {interval: 120}}}\n";
    // At the first: one who gave a token; two who gave none, one of them in two browsers; one who
    // gave one the second time in the same browser; two who have signed
    // out, one of whom has an app that goes on. At the second all gave one.
    TestDatabase.execute(
        database,
        """
        insert into latchkey.users (id, username, created_at)
        select gen_random_uuid(), 'user' || n, now() from generate_series(1, 6) n;
        insert into latchkey.upstream_providers (id, client_id, created_at)
        select id::uuid, 'us', now() from (values ('%1$s'), ('%2$s')) ids (id);
        insert into latchkey.upstream_links (id, provider_id, user_id, subject, created_at)
        select gen_random_uuid(), p.id, u.id, username, now() from latchkey.users u, latchkey.upstream_providers p;
        insert into latchkey.browser_sessions (id, user_id, created_at, authenticated_at, amr, finished_at)
        select gen_random_uuid(), id, now(), now(), '{upstream}', case when username in ('user5', 'user6') then now() end
          from latchkey.users u, generate_series(1, 2) n where n = 1 or username = 'user2';
        insert into latchkey.upstream_sessions
               (id, provider_id, link_id, browser_session_id, created_at, completed_at, consumed_at, encrypted_refresh_token)
        select gen_random_uuid(), l.provider_id, l.id, b.id, now(), now(), now(),
               case when subject = 'user1' or subject = 'user4' and n = 2 or provider_id = '%2$s' then 'x' end
          from latchkey.upstream_links l join latchkey.browser_sessions b on b.user_id = l.user_id,
               generate_series(1, 2) n where n = 1 or subject = 'user4';
        insert into latchkey.oauth_sessions
               (kind, id, user_id, browser_session_id, scope, created_at, opened_at, nonce, issued_at, token_key)
        select 'compat', gen_random_uuid(), user_id, b.id, 'openid', now(), now(), 1, now(), 1
          from latchkey.browser_sessions b join latchkey.users u on u.id = user_id where username = 'user6';
        """
            .formatted(
                Ids.parse("01KB0000000000000000000001").orElseThrow(),
                Ids.parse("01KB0000000000000000000002").orElseThrow()));

    assertThat(doctor(revalidating).err())
        .contains("warning: 3 people who came through Work cannot be revalidated")
        .contains("Put offline_access into the scope")
        .contains("ok:      everybody who came through Club can be revalidated");
    assertThat(doctor(upstream).err()).doesNotContain("revalidated");
    assertThat(doctor(revalidating.replaceFirst("database: .*", NOWHERE)).err())
        .contains("warning: the database cannot be asked who is revalidated");
  }

  private static final String NOWHERE = "database: {uri: 'postgresql://nobody@127.0.0.1:1/none'}";

  private CommandLineRun doctor() throws IOException {
    return doctor("");
  }

  private CommandLineRun doctor(String more) throws IOException {
    var base =
        Files.writeString(
            folder.resolve("config.yaml"),
            """
            http: {public_base: '%1$s'}
            matrix: {homeserver: example.com, secret: %2$s, endpoint: '%1$s'}
            """
                .formatted(url(), SECRET));
    var top = Files.writeString(folder.resolve("more.yaml"), more);
    return CommandLineRun.of(
        "doctor", "-c", base.toString(), "-c", top.toString(), "--site", url());
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      asked.add(request);
      var answer = answers.getOrDefault(request, new Answer(404, "{}"));
      if (answer.status() == 308) {
        exchange.getResponseHeaders().set("Location", location);
      }
      if (!exposed.isEmpty()) {
        exchange.getResponseHeaders().set("Access-Control-Expose-Headers", exposed);
      }
      var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
