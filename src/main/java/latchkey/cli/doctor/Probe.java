package latchkey.cli.doctor;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import org.jspecify.annotations.Nullable;

/// Asks over HTTP as a client would, with a deadline of ten seconds.
final class Probe {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int LARGEST_ANSWER = 1024 * 1024;

  private final HttpClient client = client(HttpClient.Redirect.NORMAL);

  /// Latchkey follows no redirect to its homeserver, and on the way the bearer would be lost.
  private final HttpClient straight = client(HttpClient.Redirect.NEVER);

  private static HttpClient client(HttpClient.Redirect redirects) {
    return HttpClient.newBuilder()
        .connectTimeout(Duration.ofSeconds(5))
        .followRedirects(redirects)
        .build();
  }

  /// Nobody answered, or not in HTTP; the message says why.
  static final class NoAnswer extends Exception {
    NoAnswer(String message) {
      super(message, null, false, false);
    }
  }

  /// @param location where a redirect that was not followed leads
  record Answer(int status, String body, Optional<String> exposed, Optional<String> location) {
    boolean isRedirect() {
      return status >= 300 && status < 400;
    }

    boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    /// The body, empty if it is no JSON object.
    JsonObject json() {
      try {
        return new JsonObject(body);
      } catch (DecodeException | ClassCastException e) {
        return new JsonObject();
      }
    }
  }

  Answer get(URI uri) throws NoAnswer {
    return ask(client, "GET", uri, null, null);
  }

  /// As Latchkey itself asks a homeserver: without following a redirect.
  Answer getStraight(URI uri, @Nullable Secret bearer) throws NoAnswer {
    return ask(straight, "GET", uri, bearer, null);
  }

  Answer post(URI uri, @Nullable Secret bearer, String json) throws NoAnswer {
    return ask(client, "POST", uri, bearer, json);
  }

  private static Answer ask(
      HttpClient client, String method, URI uri, @Nullable Secret bearer, @Nullable String json)
      throws NoAnswer {
    try {
      var body =
          json == null
              ? HttpRequest.BodyPublishers.noBody()
              : HttpRequest.BodyPublishers.ofString(json);
      var request =
          HttpRequest.newBuilder(uri)
              .timeout(DEADLINE)
              .method(method, body)
              .header("Accept", "application/json")
              .header("User-Agent", "latchkey-doctor");
      if (json != null) {
        request.header("Content-Type", "application/json");
      }
      if (bearer != null) {
        request.header("Authorization", "Bearer " + bearer.reveal());
      }
      return answer(
          client.send(
              request.build(),
              BodyHandlers.limiting(
                  BodyHandlers.ofString(StandardCharsets.UTF_8), LARGEST_ANSWER)));
    } catch (IOException e) {
      throw new NoAnswer(words(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswer("interrupted");
    } catch (IllegalArgumentException e) {
      // Its message may quote the header with the secret.
      throw new NoAnswer("it cannot be asked: the URL or matrix.secret has strange characters");
    }
  }

  private static Answer answer(HttpResponse<String> response) {
    return new Answer(
        response.statusCode(),
        response.body(),
        response.headers().firstValue("access-control-expose-headers"),
        response.headers().firstValue("location"));
  }

  private static String words(IOException e) {
    if (e instanceof ConnectException && e.getMessage() == null) {
      return "nobody listens there";
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) {
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
      }
    }
    return e.getClass().getSimpleName();
  }
}
