package latchkey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import latchkey.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command as an admin runs it: a process of its own.
@Tag("slow")
class BadStartTest {
  private static final String FAULTS =
      """
      email: {from: me}
      rate_limiting: {registration: {burst: 0, per_second: 1}}
      passwords: {schemes: []}
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void a_bad_configuration_is_told_whole_and_opens_no_port_and_touches_no_database()
      throws Exception {
    var database = TestDatabase.empty();
    Run server;
    Path good;
    Path bad;
    // Whoever tried to open the port would find it taken, and say so.
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      good = file("good.yaml", taken.getLocalPort(), database, "");
      bad = file("bad.yaml", taken.getLocalPort(), database, FAULTS);
      server = latchkey("server", "-c", bad.toString());
    }

    assertThat(server.exit()).isEqualTo(1);
    assertThat(server.said().lines().filter(line -> line.startsWith("error: ")))
        .hasSize(3)
        .allMatch(line -> line.startsWith("error: " + bad + ":"))
        .anyMatch(line -> line.contains("email.transport: "))
        .anyMatch(line -> line.contains("rate_limiting.registration.burst: "))
        .anyMatch(line -> line.contains("passwords.schemes: "));
    assertThat(server.said()).doesNotContain("cannot listen", "listening on");
    assertThat(hasSchema(database)).isFalse();
    // That it would have been seen: without the faults the same file leads to that database.
    assertThat(latchkey("database", "migrate", "-c", good.toString()).exit()).isZero();
    assertThat(hasSchema(database)).isTrue();
  }

  @Test
  void a_relative_file_is_looked_for_in_the_parents_of_the_working_directory() throws Exception {
    var below = Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(folder.resolve("config.yaml"), "matrix: {secret: 5}\n");
    Files.writeString(folder.resolve("a/other.yaml"), "matrix: {secret: 6}\n");

    var usual = latchkeyIn(below, "config", "check");
    var named = latchkeyIn(below, "config", "check", "-c", "other.yaml");

    var problem = ":1: matrix.secret: a text is expected";
    assertThat(usual.said()).contains("error: " + folder.resolve("config.yaml") + problem);
    assertThat(named.said()).contains("error: " + folder.resolve("a/other.yaml") + problem);
  }

  private record Run(int exit, String said) {}

  private Run latchkey(String... words) throws IOException, InterruptedException {
    return latchkeyIn(Path.of(""), words);
  }

  private Run latchkeyIn(Path workingDirectory, String... words)
      throws IOException, InterruptedException {
    var line =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "latchkey.cli.Main"));
    line.addAll(List.of(words));
    var process =
        new ProcessBuilder(line)
            .directory(workingDirectory.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), said);
  }

  private Path file(String name, int port, DataSource database, String more) throws IOException {
    var text =
        """
        http:
          public_base: http://localhost/
          listeners:
            - resources: [{name: health}]
              binds: [{host: localhost, port: %d}]
        database: {uri: '%s'}
        """
            .formatted(port, TestDatabase.uri(database));
    return Files.writeString(folder.resolve(name), SmallConfiguration.with(text + more));
  }

  private static boolean hasSchema(DataSource database) {
    return TestDatabase.number(
            database, "select count(*) from pg_namespace where nspname = 'latchkey'")
        == 1;
  }
}
