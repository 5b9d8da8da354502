package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import latchkey.world.Doors;
import latchkey.world.Processes;
import org.jspecify.annotations.Nullable;

/// `./latchkey server` as it is shipped: a process of its own, over a database of its own.
final class ShippedServer implements AutoCloseable {
  private final Path folder;
  private final Path log;
  private final DataSource database = TestDatabase.fresh();
  private final int port = Doors.freePort();
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> starter = new ArrayList<>();
  private @Nullable Process process;

  /// @param folder for its files
  ShippedServer(Path folder) {
    this.folder = folder;
    this.log = folder.resolve("log");
  }

  DataSource database() {
    return database;
  }

  /// The section `database` that leads to it.
  String databaseFor(String user) {
    var url = TestDatabase.configuration(database, user).jdbcUrl();
    return "database: {uri: '%s'}\n"
        .formatted(url.replace("jdbc:postgresql://", "postgresql://" + user + "@"));
  }

  void setVariable(String name, String value) {
    environment.put(name, value);
  }

  /// @param command what starts it, as `nohup` does
  void startBy(String command) {
    starter.add(command);
  }

  /// @param configuration YAML on top of a good one
  void start(String configuration, String... options) throws IOException {
    startOn(
        TestConfiguration.yaml(port, "", TestConfiguration.database(1), 5, "geheim"),
        configuration,
        options);
  }

  /// With `http`, but no `listeners` there.
  void startListeningNowhere() throws IOException {
    var whole = TestConfiguration.yaml(port, "", TestConfiguration.database(1), 5, "geheim");
    startOn(whole.replaceFirst("(?s)  listeners:.*?(?=database:)", ""), "");
  }

  private void startOn(String yaml, String configuration, String... options) throws IOException {
    var base = Files.writeString(folder.resolve("base.yaml"), yaml);
    var where = Files.writeString(folder.resolve("database.yaml"), databaseFor("postgres"));
    var more = Files.writeString(folder.resolve("more.yaml"), configuration);
    var line = new ArrayList<>(starter);
    line.addAll(List.of(Path.of("latchkey").toAbsolutePath().toString(), "server"));
    line.addAll(List.of(options));
    for (var file : List.of(base, where, more)) {
      line.addAll(List.of("-c", file.toString()));
    }
    var builder = new ProcessBuilder(line);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /// Everything it has said.
  String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitLine(String words) throws InterruptedException {
    for (int tries = 0; tries < 6000; tries++) {
      if (said().contains(words)) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("not said: " + words + "\n" + said());
  }

  int awaitExit() throws InterruptedException {
    return awaitExit(Duration.ofMinutes(2));
  }

  int awaitExit(Duration patience) throws InterruptedException {
    assertThat(process().waitFor(patience.toSeconds(), TimeUnit.SECONDS)).as(said()).isTrue();
    return process().exitValue();
  }

  void signal(String name) {
    Processes.signal(process().pid(), name);
  }

  boolean isAlive() {
    return process().isAlive();
  }

  int port() {
    return port;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private Process process() {
    if (process == null) {
      throw new IllegalStateException("it was not started");
    }
    return process;
  }
}
