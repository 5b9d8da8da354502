package latchkey.domain.homeserver;

import static latchkey.domain.homeserver.HomeserverProblem.Kind.NOT_ENABLED;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.NOT_FOUND;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.REFUSED;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.SERVER_ERROR;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.TIMEOUT;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.UNREACHABLE;
import static latchkey.domain.homeserver.HomeserverProblem.Kind.WRONG_SECRET;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Synapse behind `/_synapse/mas/*` (Synapse 1.136 or later), over HTTP/1.1 with the shared secret
/// as bearer. At most 32 calls at a time: a homeserver that hangs costs its callers their deadline
/// and nobody else anything.
public final class SynapseHomeserver implements Homeserver {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration PLACE = Duration.ofSeconds(1);
  private static final int PLACES = 32;
  private static final int LARGEST_ANSWER = 1024 * 1024;
  private static final int DEVICE_NAME_LIMIT = 100;
  private static final Set<String> TAKEN =
      Set.of("M_USER_IN_USE", "M_INVALID_USERNAME", "M_EXCLUSIVE");

  private final MatrixConfig config;
  private final Duration deadline;
  private final HttpClient client;
  private final Semaphore places = new Semaphore(PLACES);

  /// @param deadline for a whole call, the answer's last byte included
  public SynapseHomeserver(MatrixConfig config, Duration deadline) {
    this.config = config;
    this.deadline = deadline;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  @Override
  public String serverName() {
    return config.homeserver();
  }

  @Override
  public void provisionUser(Account account) {
    // Members without a value are left out: their presence alone means something to Synapse.
    var body = user(account.localpart()).put("locked", account.locked());
    if (account.emails().isEmpty()) {
      body.put("unset_emails", true);
    } else {
      body.put("set_emails", new JsonArray(account.emails()));
    }
    if (account.displayName() != null) {
      body.put("set_displayname", account.displayName());
    }
    post("provision_user", body);
  }

  @Override
  public boolean isLocalpartAvailable(String localpart) {
    try {
      get("is_localpart_available", localpart);
      return true;
    } catch (HomeserverProblem e) {
      if (e.errcode() != null && TAKEN.contains(e.errcode())) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Profile queryUser(String localpart) {
    return new Profile(Optional.ofNullable(get("query_user", localpart).getString("display_name")));
  }

  @Override
  public void upsertDevice(String localpart, String deviceId, @Nullable String displayName) {
    var body = device(localpart, deviceId);
    if (displayName != null) {
      body.put("display_name", cut(displayName));
    }
    post("upsert_device", body);
  }

  @Override
  public void deleteDevice(String localpart, String deviceId) {
    post("delete_device", device(localpart, deviceId));
  }

  @Override
  public void syncDevices(String localpart, Collection<String> deviceIds) {
    var devices = new JsonArray();
    deviceIds.forEach(devices::add);
    post("sync_devices", user(localpart).put("devices", devices));
  }

  @Override
  public void setDisplayName(String localpart, String displayName) {
    post("set_displayname", user(localpart).put("displayname", displayName));
  }

  @Override
  public void unsetDisplayName(String localpart) {
    post("unset_displayname", user(localpart));
  }

  private static JsonObject user(String localpart) {
    return new JsonObject().put("localpart", localpart);
  }

  private static JsonObject device(String localpart, String deviceId) {
    return user(localpart).put("device_id", deviceId);
  }

  private static String cut(String name) {
    return name.codePointCount(0, name.length()) <= DEVICE_NAME_LIMIT
        ? name
        : name.substring(0, name.offsetByCodePoints(0, DEVICE_NAME_LIMIT));
  }

  private JsonObject get(String verb, String localpart) {
    var query = "?localpart=" + URLEncoder.encode(localpart, StandardCharsets.UTF_8);
    return call(verb, request(verb + query).GET().build());
  }

  private void post(String verb, JsonObject body) {
    var request =
        request(verb)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .build();
    call(verb, request);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(config.endpoint().resolve("_synapse/mas/" + path))
        .timeout(deadline)
        .header("Authorization", "Bearer " + config.secret().reveal())
        .header("Accept", "application/json")
        .header("User-Agent", "latchkey/0.1");
  }

  private JsonObject call(String verb, HttpRequest request) {
    takePlace(verb);
    try {
      var answer =
          client
              .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
              .thenApplyAsync(SynapseHomeserver::whole, Thread::startVirtualThread);
      return understood(verb, await(verb, answer));
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

  private record Whole(int status, String body) {}

  private static Whole whole(HttpResponse<InputStream> response) {
    try (var body = response.body()) {
      var bytes = new ByteArrayOutputStream();
      bytes.write(body.readNBytes(LARGEST_ANSWER));
      return new Whole(response.statusCode(), bytes.toString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// The deadline holds for the body too, which the client's own timeout does not cover.
  private Whole await(String verb, CompletableFuture<Whole> answer) {
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw problem(TIMEOUT, null, verb, "no answer within " + deadline.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw problem(UNREACHABLE, null, verb, "interrupted", e);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      boolean late = cause instanceof java.net.http.HttpTimeoutException;
      throw problem(late ? TIMEOUT : UNREACHABLE, null, verb, String.valueOf(cause), cause);
    }
  }

  private JsonObject understood(String verb, Whole answer) {
    var json = json(answer.body());
    if (answer.status() >= 200 && answer.status() < 300) {
      return json;
    }
    var errcode = json.getValue("errcode") instanceof String code ? code : null;
    throw switch (answer.status()) {
      case 401, 403 ->
          problem(WRONG_SECRET, errcode, verb, "it does not accept matrix.secret", null);
      case 404 ->
          "M_UNRECOGNIZED".equals(errcode) || errcode == null
              ? problem(
                  NOT_ENABLED,
                  errcode,
                  verb,
                  "matrix_authentication_service is not enabled there",
                  null)
              : problem(NOT_FOUND, errcode, verb, "not found", null);
      default ->
          problem(
              answer.status() < 500 && answer.status() != 429 ? REFUSED : SERVER_ERROR,
              errcode,
              verb,
              "status " + answer.status() + (errcode == null ? "" : ", " + errcode),
              null);
    };
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
    URI endpoint = config.endpoint();
    return new HomeserverProblem(
        kind, errcode, "homeserver at " + endpoint + ", " + verb + ": " + reason, cause);
  }
}
