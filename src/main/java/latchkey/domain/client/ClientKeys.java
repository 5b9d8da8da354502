package latchkey.domain.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import latchkey.base.error.OAuthProblem;
import org.jspecify.annotations.Nullable;

/// The public keys of clients: those that were configured, or those at the address that was. Only
/// an admin names addresses, so none is forbidden.
@Singleton
class ClientKeys {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration FRESH = Duration.ofMinutes(15);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(30);
  private static final int LARGEST = 256 * 1024;
  private static final int OK = 200;

  private static final class Fetched {
    private final JWKSet keys;
    private final long at;

    private Fetched(JWKSet keys) {
      this.keys = keys;
      this.at = System.nanoTime();
    }

    private boolean isYoungerThan(Duration age) {
      return System.nanoTime() - at < age.toNanos();
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(DEADLINE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final Cache<String, Fetched> fetched = Caffeine.newBuilder().maximumSize(1000).build();

  /// The keys that a signature may be of.
  List<JWK> candidates(ClientView client, JWSHeader header) {
    if (client.jwks() != null) {
      return fitting(parsed(client.jwks()), header);
    }
    return client.jwksUri() == null ? List.of() : candidates(client.jwksUri(), header);
  }

  private List<JWK> candidates(String uri, JWSHeader header) {
    var last = fetched.getIfPresent(uri);
    if (last != null) {
      var known = fitting(last.keys, header);
      // A key nobody knows may be a new one.
      if (last.isYoungerThan(known.isEmpty() ? LEAST_PAUSE : FRESH)) {
        return known;
      }
    }
    try {
      var now = new Fetched(fetch(uri));
      fetched.put(uri, now);
      return fitting(now.keys, header);
    } catch (ExecutionException | TimeoutException | ParseException e) {
      if (last != null) {
        return fitting(last.keys, header);
      }
      throw unreachable(uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(uri, e);
    }
  }

  private JWKSet fetch(String uri)
      throws ExecutionException, TimeoutException, ParseException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(uri)).header("Accept", "application/json").build();
    var answer =
        http.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), LARGEST));
    try {
      var response = answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != OK) {
        throw new ParseException("status " + response.statusCode(), 0);
      }
      return JWKSet.parse(response.body());
    } finally {
      answer.cancel(true);
    }
  }

  private static List<JWK> fitting(JWKSet keys, JWSHeader header) {
    var type = KeyType.forAlgorithm(header.getAlgorithm());
    return keys.getKeys().stream()
        .filter(AsymmetricJWK.class::isInstance)
        .filter(key -> key.getKeyType().equals(type))
        .filter(key -> key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
        .filter(key -> fits(key.getAlgorithm(), header.getAlgorithm()))
        .filter(key -> fits(key.getKeyID(), header.getKeyID()))
        .toList();
  }

  /// What one of them does not say excludes nothing.
  private static boolean fits(@Nullable Object one, @Nullable Object other) {
    return one == null || other == null || one.equals(other);
  }

  private static JWKSet parsed(String json) {
    try {
      return JWKSet.parse(json);
    } catch (ParseException e) {
      throw new IllegalStateException("what is stored was a JWK set", e);
    }
  }

  private static OAuthProblem unreachable(String uri, Exception cause) {
    return OAuthProblem.temporarilyUnavailable(
        LEAST_PAUSE, "the keys at " + uri + " cannot be had", cause);
  }
}
