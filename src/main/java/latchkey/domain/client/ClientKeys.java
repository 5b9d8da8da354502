package latchkey.domain.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import latchkey.base.crypto.PublicKeys;
import latchkey.base.error.OAuthProblem;
import org.jspecify.annotations.Nullable;

/// The public keys of clients: those that were configured, or those at the address that was. Only
/// an admin names addresses, so none is forbidden. An address is asked by one at a time, and not
/// again at once, whatever it said: anybody can send an assertion in the name of a client.
@Singleton
class ClientKeys {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration FRESH = Duration.ofMinutes(15);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(30);

  /// Keys that cannot be fetched anew may have been withdrawn meanwhile.
  private static final Duration LONGEST = Duration.ofHours(24);

  private static final int LARGEST = 256 * 1024;
  private static final int OK = 200;
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().name("jwks").start(task);

  /// What is known of an address: the last keys that could be had and when that was, when it was
  /// last asked, and why that was in vain, if it was.
  private static final class Known {
    private final @Nullable JWKSet keys;
    private final long fetchedAt;
    private final long askedAt;
    private final @Nullable Throwable failure;

    private Known(
        @Nullable JWKSet keys, long fetchedAt, long askedAt, @Nullable Throwable failure) {
      this.keys = keys;
      this.fetchedAt = fetchedAt;
      this.askedAt = askedAt;
      this.failure = failure;
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(DEADLINE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final Cache<String, Known> known = Caffeine.newBuilder().maximumSize(1000).build();
  private final Map<String, CompletableFuture<Known>> underWay = new ConcurrentHashMap<>();
  private final Ticker ticker;

  @Inject
  ClientKeys() {
    this(Ticker.systemTicker());
  }

  ClientKeys(Ticker ticker) {
    this.ticker = ticker;
  }

  /// The keys that a signature may be of.
  List<JWK> candidates(ClientView client, JWSHeader header) {
    if (client.jwks() != null) {
      return PublicKeys.fitting(parsed(client.jwks()), header);
    }
    return client.jwksUri() == null || !client.isStatic()
        ? List.of()
        : candidates(client.jwksUri(), header);
  }

  private List<JWK> candidates(String uri, JWSHeader header) {
    var last = known.getIfPresent(uri);
    if (last == null || !suffices(last, header)) {
      last = ask(uri);
    }
    return usable(last, header).orElseThrow(failureOf(uri, last));
  }

  private boolean suffices(Known last, JWSHeader header) {
    // A key nobody knows may be a new one.
    boolean fits = last.keys != null && !PublicKeys.fitting(last.keys, header).isEmpty();
    return isYounger(last.askedAt, LEAST_PAUSE)
        || (fits && last.failure == null && isYounger(last.fetchedAt, FRESH));
  }

  private Optional<List<JWK>> usable(Known last, JWSHeader header) {
    return last.keys != null && isYounger(last.fetchedAt, LONGEST)
        ? Optional.of(PublicKeys.fitting(last.keys, header))
        : Optional.empty();
  }

  private static Supplier<OAuthProblem> failureOf(String uri, Known last) {
    return () -> unreachable(uri, last.failure);
  }

  private boolean isYounger(long then, Duration age) {
    return ticker.read() - then < age.toNanos();
  }

  /// Asks, or waits with whoever does already.
  private Known ask(String uri) {
    try {
      return underWay
          .computeIfAbsent(uri, _ -> CompletableFuture.supplyAsync(() -> asked(uri), VIRTUAL))
          .get();
    } catch (ExecutionException e) {
      throw unreachable(uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(uri, e);
    }
  }

  private Known asked(String uri) {
    try {
      var last = known.getIfPresent(uri);
      if (last != null && isYounger(last.askedAt, LEAST_PAUSE)) {
        return last;
      }
      var now = fetched(uri, last);
      known.put(uri, now);
      return now;
    } finally {
      underWay.remove(uri);
    }
  }

  private Known fetched(String uri, @Nullable Known last) {
    try {
      var keys = fetch(uri);
      long now = ticker.read();
      return new Known(keys, now, now, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(last, e);
    } catch (Exception | StackOverflowError e) {
      // Whatever a stranger's document makes of the parser: it is not asked for again at once.
      return failed(last, e);
    }
  }

  private Known failed(@Nullable Known last, Throwable failure) {
    long now = ticker.read();
    return last == null
        ? new Known(null, now, now, failure)
        : new Known(last.keys, last.fetchedAt, now, failure);
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

  private static JWKSet parsed(String json) {
    try {
      return JWKSet.parse(json);
    } catch (ParseException e) {
      throw new IllegalStateException("what is stored was a JWK set", e);
    }
  }

  private static OAuthProblem unreachable(String uri, @Nullable Throwable cause) {
    return OAuthProblem.temporarilyUnavailable(
        LEAST_PAUSE, "the keys at " + uri + " cannot be had", cause);
  }
}
