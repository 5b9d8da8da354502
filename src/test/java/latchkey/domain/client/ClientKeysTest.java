package latchkey.domain.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.base.error.OAuthProblem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where the keys of a client come from.
class ClientKeysTest {
  private final ClientKeys keys = new ClientKeys();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile String answer = "{\"keys\":[]}";
  private volatile int status = 200;

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  @BeforeEach
  void the_client_has_a_server() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jwks",
        exchange -> {
          asked.incrementAndGet();
          var body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void it_stops() {
    server.stop(0);
  }

  @Test
  void keys_at_an_address_are_fetched_once_and_kept() throws Exception {
    var key = ec("a");
    answer = new JWKSet(key).toString();

    for (int i = 0; i < 3; i++) {
      assertThat(keys.candidates(byUri(), es256("a"))).containsExactly(key.toPublicJWK());
    }
    // One that nobody knows is looked for, and not at every request.
    assertThat(keys.candidates(byUri(), es256("b"))).isEmpty();
    assertThat(asked).hasValue(1);

    server.stop(0);
    assertThat(keys.candidates(byUri(), es256("a"))).hasSize(1);
  }

  @Test
  void keys_that_cannot_be_had_make_the_client_wait() {
    for (var bad : List.of("nonsense", "{}", " ".repeat(300_000))) {
      answer = bad;
      assertThatThrownBy(() -> keys.candidates(byUri(), es256("a")))
          .isInstanceOfSatisfying(
              OAuthProblem.class, problem -> assertThat(problem.status()).isEqualTo(503));
    }
    status = 500;
    assertThatThrownBy(() -> keys.candidates(byUri(), es256("a"))).isInstanceOf(OAuthProblem.class);
    assertThat(asked).hasValue(4);

    status = 200;
    answer = "{\"keys\":[]}";
    assertThat(keys.candidates(byUri(), es256("a"))).isEmpty();
  }

  @Test
  void only_keys_that_fit_the_signature_are_tried() throws Exception {
    var named = ec("a");
    var nameless = ec(null);
    var rsa = new RSAKeyGenerator(2048).keyID("a").generate();
    var client = client(new JWKSet(List.of(named, nameless, rsa)).toString(), null);

    assertThat(keys.candidates(client, es256("a")))
        .containsExactly(named.toPublicJWK(), nameless.toPublicJWK());
    assertThat(keys.candidates(client, es256("b"))).containsExactly(nameless.toPublicJWK());
    assertThat(keys.candidates(client, es256(null))).hasSize(2);
    assertThat(keys.candidates(client, new JWSHeader(JWSAlgorithm.PS256)))
        .containsExactly(rsa.toPublicJWK());
    assertThat(keys.candidates(client(null, null), es256("a"))).isEmpty();
  }

  private static JWK ec(@Nullable String id) throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
  }

  private static JWSHeader es256(@Nullable String id) {
    return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(id).build();
  }

  private ClientView byUri() {
    return client(null, "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
  }

  private static ClientView client(@Nullable String jwks, @Nullable String uri) {
    var metadata =
        new ClientMetadata(
            List.of(),
            List.of(),
            List.of(),
            "web",
            AuthMethod.KEY_JWT,
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            null,
            null,
            null,
            null);
    return new ClientView(new UUID(1, 1), metadata, null, jwks, uri, true, Instant.EPOCH);
  }
}
