package latchkey.domain.upstream;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import latchkey.base.crypto.Secret;
import latchkey.domain.upstream.ProviderProblem.Kind;

/// Calls to providers: an answer has a deadline for its last byte and a greatest size, no redirect
/// is followed, and nobody asks one provider more than 16 things at once (and 8 in the background),
/// so that one that hangs costs those who want to it their deadline and nobody else anything.
@Singleton
class ProviderConnection {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration PLACE = Duration.ofSeconds(1);
  private static final int PLACES = 16;
  private static final int PLACES_BEHIND = 8;
  private static final int KIB = 1024;
  private static final Executor VIRTUAL =
      task -> Thread.ofVirtual().name("provider-address").start(task);

  /// What is asked for, and how large the answer may be.
  enum Wanted {
    METADATA("its metadata", 256 * KIB),
    KEYS("its keys", 256 * KIB),
    TOKENS("its tokens", 64 * KIB),
    USERINFO("its userinfo", 256 * KIB);

    private final String words;
    private final int largest;

    Wanted(String words, int largest) {
      this.words = words;
      this.largest = largest;
    }
  }

  /// The time that the calls of one step of a trip have together.
  static final class Step {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final long end = System.nanoTime() + LONGEST.toNanos();
    private final boolean isBehind;

    Step() {
      this(false);
    }

    private Step(boolean isBehind) {
      this.isBehind = isBehind;
    }

    /// One that nobody waits for; it takes no place from who does.
    static Step inBackground() {
      return new Step(true);
    }

    private Duration left() {
      return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }
  }

  /// @param type of the body, without parameters, in small letters; empty if it is not said
  record Answer(int status, String type, String body) {
    boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    boolean isServersFault() {
      return status >= 500;
    }

    /// RFC 9110 §15.6.3 to 15.6.5: it is not there, whoever asks. Any other fault of the server may
    /// be what it makes of this request, which anybody could bring about.
    boolean isAway() {
      return status >= 502 && status <= 504;
    }

    /// RFC 6585 §4: it has nothing against what was asked.
    boolean isTooMany() {
      return status == 429;
    }

    /// It holds tokens or claims.
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final Map<UUID, Semaphore> places = new ConcurrentHashMap<>();
  private final Map<UUID, Semaphore> placesBehind = new ConcurrentHashMap<>();
  private final Duration deadline;

  @Inject
  ProviderConnection() {
    this(DEADLINE);
  }

  /// @param deadline of a call, its last byte included
  ProviderConnection(Duration deadline) {
    this.deadline = deadline;
  }

  Answer get(ProviderConfig provider, Step step, Wanted wanted, URI address, String accept) {
    return send(provider, step, wanted, request(address, accept).GET());
  }

  Answer getAs(ProviderConfig provider, Step step, URI address, String accept, Secret bearer) {
    var request = request(address, accept);
    try {
      request.header("Authorization", "Bearer " + bearer.reveal());
    } catch (IllegalArgumentException e) {
      // Its message quotes the header, so it goes no further.
      throw new ProviderProblem(
          provider, new Kind.Untrusted("its access token has characters no header can carry"));
    }
    return send(provider, step, Wanted.USERINFO, request.GET());
  }

  Answer post(
      ProviderConfig provider,
      Step step,
      URI address,
      Map<String, String> headers,
      Map<String, String> form) {
    var request =
        request(address, "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(form)));
    headers.forEach(request::header);
    return send(provider, step, Wanted.TOKENS, request);
  }

  /// `application/x-www-form-urlencoded`.
  static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static HttpRequest.Builder request(URI address, String accept) {
    return HttpRequest.newBuilder(address)
        .header("Accept", accept)
        .header("User-Agent", "latchkey/0.1");
  }

  private Answer send(
      ProviderConfig provider, Step step, Wanted wanted, HttpRequest.Builder builder) {
    var call = new Call(provider, step, wanted, builder.build());
    var place =
        step.isBehind
            ? placesBehind.computeIfAbsent(provider.id(), _ -> new Semaphore(PLACES_BEHIND))
            : places.computeIfAbsent(provider.id(), _ -> new Semaphore(PLACES));
    takePlace(provider, place);
    try {
      requireAllowed(call);
      var response = exchange(call);
      if (response.statusCode() >= 300 && response.statusCode() < 400) {
        throw call.failed("it answers with a redirect, and none is followed: " + call.address());
      }
      var type = response.headers().firstValue("Content-Type").orElse("");
      return new Answer(
          response.statusCode(),
          type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT),
          response.body());
    } finally {
      place.release();
    }
  }

  private record Call(ProviderConfig provider, Step step, Wanted wanted, HttpRequest request) {
    URI address() {
      return request.uri();
    }

    ProviderProblem failed(String why) {
      return unavailable(provider, wanted, why);
    }

    ProviderProblem unanswered(String why) {
      return outage(provider, wanted, why);
    }
  }

  private static void takePlace(ProviderConfig provider, Semaphore place) {
    try {
      if (place.tryAcquire(PLACE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new ProviderProblem(
        provider, new Kind.Unavailable("too many calls are waiting for it already"));
  }

  /// A name may take its time to be looked up.
  private void requireAllowed(Call call) {
    var objection =
        await(
            call,
            CompletableFuture.supplyAsync(
                () -> FoundAddresses.objection(call.provider, call.address()), VIRTUAL));
    if (objection.isPresent()) {
      throw new ProviderProblem(
          call.provider, new Kind.Untrusted(call.address() + " " + objection.get()));
    }
  }

  private HttpResponse<String> exchange(Call call) {
    return await(
        call,
        client.sendAsync(
            call.request,
            BodyHandlers.limiting(
                BodyHandlers.ofString(StandardCharsets.UTF_8), call.wanted.largest)));
  }

  /// Giving up closes the connection: an answer that drips, or has no end, goes no further.
  private <T> T await(Call call, CompletableFuture<T> answer) {
    long longest = Math.min(deadline.toMillis(), Math.max(1, call.step.left().toMillis()));
    try {
      return answer.get(longest, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw call.unanswered("no whole answer within " + longest + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw call.failed("interrupted");
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw isTooLarge(cause)
          ? call.failed("the answer is larger than " + call.wanted.largest / KIB + " KiB")
          : call.unanswered(words(cause, call.address()));
    } finally {
      answer.cancel(true);
    }
  }

  private static boolean isTooLarge(Throwable failure) {
    return said(failure).contains("exceeds capacity");
  }

  private static String words(Throwable failure, URI address) {
    var host = address.getRawAuthority();
    return switch (failure) {
      case HttpTimeoutException _ -> "no connection to " + host + " in time";
      case ConnectException _ -> "no connection to " + host;
      case SSLException e -> "no TLS with " + host + ": " + ProviderMetadata.cut(said(e));
      default -> ProviderMetadata.cut(failure.getClass().getSimpleName() + ": " + said(failure));
    };
  }

  private static String said(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  static ProviderProblem outage(ProviderConfig provider, Wanted wanted, String why) {
    return ProviderProblem.outage(provider, wanted.words + " cannot be had: " + why);
  }

  static ProviderProblem unavailable(ProviderConfig provider, Wanted wanted, String why) {
    return new ProviderProblem(
        provider, new Kind.Unavailable(wanted.words + " cannot be had: " + why));
  }
}
