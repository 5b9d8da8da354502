package latchkey.world;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One Latchkey process, as it is shipped. [Replicas] starts it. Its way to the database is a
/// [Cable] of its own.
public final class Replica implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int TAIL = 60;
  private static final String LAUNCHER = Path.of("latchkey").toAbsolutePath().toString();

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final String name;
  private final int port;
  private final String configuration;
  private final Path more;
  private final Path log;
  private final Cable cable;
  private @Nullable Process process;

  /// @param more the last file of the configuration
  Replica(String name, int port, String configuration, Path more, Path log, Cable cable) {
    this.name = name;
    this.port = port;
    this.configuration = configuration;
    this.more = more;
    this.log = log;
    this.cable = cable;
  }

  /// What came back; no body but JSON's is of interest.
  public record Answer(int status, String body, Map<String, String> headers) {
    public JsonObject json() {
      return new JsonObject(body);
    }

    /// Of an introspection.
    public boolean isActive() {
      return status == 200 && json().getBoolean("active", false);
    }
  }

  public String name() {
    return name;
  }

  public int port() {
    return port;
  }

  public String url() {
    return "http://localhost:" + port;
  }

  /// Its wire to the database.
  public Cable cable() {
    return cable;
  }

  public long pid() {
    return running().pid();
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /// Starts it, and returns while it is still coming up.
  public void begin() {
    try {
      process = process(List.of(LAUNCHER, "server")).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder process(List<String> words) {
    var builder = new ProcessBuilder(words);
    builder.environment().keySet().removeIf(key -> key.startsWith("MAS_"));
    builder.environment().put("LATCHKEY_CONFIG", configuration);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JDK_JAVA_OPTIONS", "-Xmx384m");
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  /// Starts it, and returns when it is ready.
  public void start() {
    begin();
    await("/health/ready");
  }

  /// Waits until it answers this path with 200.
  public void await(String path) {
    long until = System.nanoTime() + START.toNanos();
    while (!isUp(path)) {
      if (!isAlive() || System.nanoTime() > until) {
        throw new AssertionError("the replica " + name + " did not come up\n" + tail());
      }
      pause(Duration.ofMillis(50));
    }
  }

  /// Stops it, and starts it with this YAML on top of its configuration.
  public void restart(String yaml) {
    stop();
    try {
      Files.writeString(more, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  /// Asks it to stop, and waits until it has.
  public void stop() {
    end("TERM");
  }

  /// `kill -9`.
  public void kill() {
    end("KILL");
  }

  /// It stands still, connections and all, until [#thaw].
  public void freeze() {
    Processes.signal(pid(), "STOP");
  }

  public void thaw() {
    Processes.signal(pid(), "CONT");
  }

  /// As the homeserver asks.
  public Answer introspect(String token) {
    return post(
        "/oauth2/introspect",
        Map.of("token", token, "token_type_hint", "access_token"),
        Map.of("Authorization", "Bearer " + House.homeserverSecret()));
  }

  public Answer refresh(String client, String refreshToken) {
    return post(
        "/oauth2/token",
        Map.of("grant_type", "refresh_token", "client_id", client, "refresh_token", refreshToken),
        Map.of("X-Forwarded-For", "203.0.113.7"));
  }

  /// As old Matrix clients do.
  public Answer refreshCompat(String refreshToken) {
    return postJson(
        "/_matrix/client/v3/refresh",
        new JsonObject().put("refresh_token", refreshToken),
        Map.of());
  }

  public Answer revoke(String token) {
    return post("/oauth2/revoke", Map.of("token", token), Map.of());
  }

  public Answer get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url() + path)).GET(), Map.of());
  }

  public Answer post(String path, Map<String, String> form, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(Browser.encode(form)));
    return send(request, headers);
  }

  public Answer postJson(String path, JsonObject body, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
    return send(request, headers);
  }

  /// One sample of `GET /metrics`; zero if it is not there.
  public double metric(String sample) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(sample + " ") || line.startsWith(sample + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /// Signs in with a browser and consents; the code that comes back.
  public String code(World.Person person, String client, String scope) {
    var browser = Browser.at(url());
    var path = World.authorize(client, Map.of("scope", scope));
    var loginPath = browser.get(path).location();
    var signedIn =
        browser.submit(
            loginPath,
            browser.get(loginPath),
            Map.of("username", person.username(), "password", person.password()));
    var consent = browser.get(signedIn.location());
    return browser.submit(signedIn.location(), consent, Map.of()).answer().get("code");
  }

  public Answer exchange(String client, String code) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("client_id", client);
    form.put("code", code);
    form.put("redirect_uri", World.REDIRECT_URI);
    form.put("code_verifier", World.VERIFIER);
    return post("/oauth2/token", form, Map.of());
  }

  /// Registers a public client, answers its id.
  public String aPublicClient() {
    var request =
        HttpRequest.newBuilder(URI.create(url() + "/oauth2/registration"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(new JsonObject(World.metadata()).encode()));
    return send(request, Map.of()).json().getString("client_id");
  }

  /// Runs a verb of the command line with its configuration; the exit code.
  int verb(String... words) {
    var line = new ArrayList<String>();
    line.add(LAUNCHER);
    line.addAll(List.of(words));
    try {
      return process(line).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /// The end of its log.
  public String tail() {
    try (var lines = Files.lines(log)) {
      var last = new ArrayDeque<String>();
      lines.forEach(
          line -> {
            last.add(line);
            if (last.size() > TAIL) {
              last.remove();
            }
          });
      return "--- " + log + "\n" + String.join("\n", last);
    } catch (IOException e) {
      return "--- " + log + " cannot be read";
    }
  }

  /// Whether its log has a line with these words.
  public boolean hasLogged(String words) {
    try (var lines = Files.lines(log)) {
      return lines.anyMatch(line -> line.contains(words));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (isAlive()) {
      kill();
    }
    try {
      cable.close();
    } catch (IOException e) {
      // it is only a test's wire
    }
  }

  private void end(String signal) {
    var ending = running();
    Processes.signal(ending.pid(), signal);
    try {
      if (!ending.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the replica " + name + " did not stop\n" + tail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("the replica " + name + " was not started");
    }
    return process;
  }

  private boolean isUp(String path) {
    try {
      return get(path).status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static Answer send(HttpRequest.Builder request, Map<String, String> headers) {
    headers.forEach(request::header);
    try {
      var response =
          HTTP.send(request.timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofString());
      var found = new LinkedHashMap<String, String>();
      response.headers().map().forEach((key, values) -> found.put(key, values.getFirst()));
      return new Answer(response.statusCode(), response.body(), found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
