package latchkey.domain.homeserver;

import static latchkey.domain.homeserver.HomeserverProblem.Kind.NOT_ENABLED;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.NOT_FOUND;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.REFUSED;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.SERVER_ERROR;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.TIMEOUT;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.UNREACHABLE;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.WRONG_SECRET;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Calls to Synapse: HTTP/1.1 with the shared secret as bearer. At most 32 at a time, so that a
/// homeserver that hangs costs its callers their deadline and nobody else anything.
final class SynapseConnection {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration PLACE = Duration.ofSeconds(1);
  private static final int PLACES = 32;
  private static final int LARGEST_ANSWER = 1024 * 1024;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int UNKNOWN = 404;
  private static final int TOO_MANY = 429;
  private static final int LONGEST_LOCATION = 200;

  private final MatrixConfig config;
  private final Duration deadline;
  private final HomeserverHealth health;
  private final HttpClient client;
  private final Semaphore places = new Semaphore(PLACES);

  SynapseConnection(MatrixConfig config, Duration deadline, HomeserverHealth health) {
    this.config = config;
    this.deadline = deadline;
    this.health = health;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /// A success; the body is empty if it was no JSON object. A member of the wrong type is as good
  /// as none.
  record Answer(int status, JsonObject body) {
    Optional<String> text(String name) {
      return body.getValue(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    boolean flag(String name) {
      return Boolean.TRUE.equals(body.getValue(name));
    }
  }

  /// One call.
  ///
  /// @param verb what it is for, in the words of whoever reads a log
  /// @param path below the endpoint, without a slash in front
  /// @param body null for none
  record Call(
      String verb,
      String method,
      String path,
      @Nullable JsonObject body,
      @Nullable Duration deadline) {
    static Call get(String verb, String path) {
      return new Call(verb, "GET", path, null, null);
    }

    static Call of(String verb, String method, String path, @Nullable JsonObject body) {
      return new Call(verb, method, path, body, null);
    }

    Call within(Duration longer) {
      return new Call(verb, method, path, body, longer);
    }
  }

  /// Text as one segment of a path, or one value of a query. Segments of dots only would be taken
  /// for steps in the path.
  static String encoded(String text) {
    if (text.equals(".") || text.equals("..")) {
      return text.replace(".", "%2E");
    }
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// Makes the call; the health hears how it went.
  Answer send(Call call) {
    try {
      var answer = attempt(call);
      health.heard(null);
      return answer;
    } catch (HomeserverProblem e) {
      health.heard(e);
      throw e;
    }
  }

  private HttpRequest request(Call call) {
    var body =
        call.body() == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(call.body().encode());
    var builder =
        HttpRequest.newBuilder(config.endpoint().resolve(call.path()))
            .method(call.method(), body)
            .header("Accept", "application/json")
            .header("User-Agent", "latchkey/0.1");
    if (call.body() != null) {
      builder.header("Content-Type", "application/json");
    }
    try {
      return builder.header("Authorization", "Bearer " + config.secret().reveal()).build();
    } catch (IllegalArgumentException e) {
      // Its message quotes the header, so it goes no further, not even as a cause.
      throw problem(
          WRONG_SECRET,
          null,
          call.verb(),
          "matrix.secret has characters no header can carry",
          null);
    }
  }

  private Answer attempt(Call call) {
    var request = request(call);
    takePlace(call.verb());
    try {
      return understood(call.verb(), exchange(call, request));
    } finally {
      places.release();
    }
  }

  private void takePlace(String verb) {
    try {
      if (places.tryAcquire(PLACE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw problem(UNREACHABLE, null, verb, "too many calls are waiting for it already", null);
  }

  /// The deadline covers the whole body, which the client's own time-out does not. Giving up closes
  /// the connection, or a dripping answer would keep it long after its place was given away.
  private HttpResponse<String> exchange(Call call, HttpRequest request) {
    var verb = call.verb();
    var longest = call.deadline() == null ? deadline : call.deadline();
    var answer =
        client.sendAsync(
            request,
            BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), LARGEST_ANSWER));
    try {
      return answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw problem(TIMEOUT, null, verb, "no answer within " + longest.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw problem(UNREACHABLE, null, verb, "interrupted", e);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      boolean late = cause instanceof HttpTimeoutException;
      throw problem(late ? TIMEOUT : UNREACHABLE, null, verb, String.valueOf(cause), cause);
    } finally {
      answer.cancel(true);
    }
  }

  private Answer understood(String verb, HttpResponse<String> response) {
    int status = response.statusCode();
    var json = json(response.body());
    if (status >= 200 && status < 300) {
      return new Answer(status, json);
    }
    var errcode = json.getValue("errcode") instanceof String code ? code : null;
    throw switch (status) {
      case UNAUTHORIZED, FORBIDDEN ->
          problem(WRONG_SECRET, errcode, verb, "it does not accept matrix.secret", null);
      case UNKNOWN -> unknown(verb, errcode);
      default -> {
        // Only Matrix refuses a request; a page or a redirect comes from something before it.
        boolean refused = isClients(status) && status != TOO_MANY && errcode != null;
        var code = errcode == null ? "" : ", " + errcode;
        var reason = isRedirect(status) ? redirect(response) : "status " + status + code;
        yield problem(refused ? REFUSED : SERVER_ERROR, errcode, verb, reason, null);
      }
    };
  }

  private static boolean isClients(int status) {
    return status >= 400 && status < 500;
  }

  private static boolean isRedirect(int status) {
    return status >= 300 && status < 400;
  }

  private static String redirect(HttpResponse<String> response) {
    var target = response.headers().firstValue("Location").orElse("nowhere");
    return "matrix.endpoint answers with a redirect to "
        + target.substring(0, Math.min(target.length(), LONGEST_LOCATION));
  }

  /// Synapse without delegation knows none of these paths; with it, the user or device is missing.
  private HomeserverProblem unknown(String verb, @Nullable String errcode) {
    return errcode == null || errcode.equals("M_UNRECOGNIZED")
        ? problem(
            NOT_ENABLED, errcode, verb, "matrix_authentication_service is not enabled there", null)
        : problem(NOT_FOUND, errcode, verb, "not found", null);
  }

  private static JsonObject json(String body) {
    try {
      return body.isBlank() ? new JsonObject() : new JsonObject(body);
    } catch (DecodeException | ClassCastException e) {
      return new JsonObject();
    }
  }

  private HomeserverProblem problem(
      HomeserverProblem.Kind kind,
      @Nullable String errcode,
      String verb,
      String reason,
      @Nullable Throwable cause) {
    return new HomeserverProblem(
        kind, errcode, "homeserver at " + config.endpoint() + ", " + verb + ": " + reason, cause);
  }
}
