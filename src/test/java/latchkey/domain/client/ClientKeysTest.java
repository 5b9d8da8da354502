package latchkey.domain.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import latchkey.base.error.OAuthProblem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where the keys of a client come from.
class ClientKeysTest {
  private final AtomicLong nanos = new AtomicLong();
  private final ClientKeys keys = new ClientKeys(nanos::get);
  private final AtomicInteger asked = new AtomicInteger();
  private volatile String answer = "{\"keys\":[]}";
  private volatile int status = 200;
  private volatile Duration delay = Duration.ZERO;

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  @BeforeEach
  void the_client_has_a_server() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jwks",
        exchange -> {
          asked.incrementAndGet();
          LockSupport.parkNanos(delay.toNanos());
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

    // Nor is one that is known later on, until it may be old.
    pass(Duration.ofMinutes(16));
    assertThat(keys.candidates(byUri(), es256("a"))).hasSize(1);
    assertThat(asked).hasValue(2);
  }

  @Test
  void keys_that_were_there_count_for_a_day_when_they_cannot_be_had_anew() throws Exception {
    answer = new JWKSet(ec("a")).toString();
    assertThat(keys.candidates(byUri(), es256("a"))).hasSize(1);
    status = 500;

    pass(Duration.ofHours(23));
    for (int i = 0; i < 3; i++) {
      assertThat(keys.candidates(byUri(), es256("a"))).hasSize(1);
    }
    assertThat(asked).hasValue(2);
    pass(Duration.ofMinutes(61));
    assertThatThrownBy(() -> keys.candidates(byUri(), es256("a"))).isInstanceOf(OAuthProblem.class);

    status = 200;
    pass(Duration.ofSeconds(31));
    assertThat(keys.candidates(byUri(), es256("a"))).hasSize(1);
  }

  @Test
  void keys_that_cannot_be_had_make_the_client_wait_and_are_not_asked_for_meanwhile() {
    for (var bad : List.of("nonsense", "{}", " ".repeat(300_000))) {
      answer = bad;
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> keys.candidates(byUri(), es256("a")))
            .isInstanceOfSatisfying(
                OAuthProblem.class, problem -> assertThat(problem.status()).isEqualTo(503));
      }
      pass(Duration.ofSeconds(31));
    }
    assertThat(asked).hasValue(3);
    status = 500;
    assertThatThrownBy(() -> keys.candidates(byUri(), es256("a"))).isInstanceOf(OAuthProblem.class);
    assertThat(asked).hasValue(4);

    status = 200;
    answer = "{\"keys\":[]}";
    pass(Duration.ofSeconds(31));
    assertThat(keys.candidates(byUri(), es256("a"))).isEmpty();
  }

  @Test
  void of_many_who_ask_at_once_one_fetches() throws Exception {
    answer = new JWKSet(ec("a")).toString();
    delay = Duration.ofMillis(300);

    var found = new ConcurrentLinkedQueue<Integer>();
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        crowd.execute(() -> found.add(keys.candidates(byUri(), es256("a")).size()));
      }
    }

    assertThat(found).hasSize(20).containsOnly(1);
    assertThat(asked).hasValue(1);
  }

  @Test
  void an_address_that_no_admin_named_is_not_asked() {
    var ours = byUri();
    var stranger =
        new ClientView(
            ours.id(), ours.metadata(), null, null, ours.jwksUri(), false, ours.createdAt());

    assertThat(keys.candidates(stranger, es256("a"))).isEmpty();
    assertThat(asked).hasValue(0);
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

  @Test
  void what_nobody_foresaw_is_remembered_as_well() {
    var client = client(null, "ftp://127.0.0.1/jwks");

    var first = catchThrowable(() -> keys.candidates(client, es256("a"))).getCause();
    var second = catchThrowable(() -> keys.candidates(client, es256("a"))).getCause();
    pass(Duration.ofSeconds(31));
    var third = catchThrowable(() -> keys.candidates(client, es256("a"))).getCause();

    assertThat(first).isInstanceOf(IllegalArgumentException.class);
    assertThat(second).as("from the same attempt").isSameAs(first);
    assertThat(third).isNotSameAs(first);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
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
